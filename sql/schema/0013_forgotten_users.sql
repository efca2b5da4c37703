-- People who asked to be forgotten: nothing here says who they are without the secret, and even with it only by trying.

CREATE TABLE IF NOT EXISTS pseudonym_secret (
    secret VARCHAR NOT NULL  -- one row, made when it is first needed
);

CREATE TABLE IF NOT EXISTS forgotten_users (
    fingerprint  VARCHAR   NOT NULL,  -- HMAC-SHA-256 of the id under the secret
    pseudonym    VARCHAR   NOT NULL,  -- what stands in its place everywhere
    forgotten_at TIMESTAMP NOT NULL,  -- UTC
    PRIMARY KEY (fingerprint)
);
