-- forgotten_users: the fingerprints of people who are forgotten, and what replaces them.
--
-- out   fingerprint  VARCHAR  HMAC-SHA-256 of the id under the secret
-- out   pseudonym    VARCHAR  in its place

SELECT fingerprint, pseudonym
FROM forgotten_users
ORDER BY fingerprint
