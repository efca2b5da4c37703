-- forgotten_users: the fingerprints of forgotten people, and their pseudonyms.
--
-- out   fingerprint  VARCHAR  HMAC-SHA-256 of the id under the secret
-- out   pseudonym    VARCHAR  in its place

SELECT fingerprint, pseudonym
FROM forgotten_users
ORDER BY fingerprint
