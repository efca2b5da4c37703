-- audit_chain: every entry with its link, oldest first.
--
-- in    $after        BIGINT     entries after this position
-- out   position      BIGINT     from 1
-- out   at            TIMESTAMP  UTC
-- out   who           VARCHAR    a person or part of the program
-- out   what          VARCHAR    asked, imported, acknowledged, snoozed, changed or forgot
-- out   about         VARCHAR    a question, file, key or setting
-- out   source        VARCHAR    command line, Slack or service
-- out   digest        VARCHAR    SHA-256 of what it said; NULL before it is chained
-- out   hash          VARCHAR    SHA-256 of the hash before, its position and its digest; NULL likewise
-- out   is_redacted   BOOLEAN    whether it named a person who is to be forgotten

SELECT position, noted_at AS "at", who, what, about, source, digest, hash, is_redacted
FROM audit
WHERE position > $after
ORDER BY position
