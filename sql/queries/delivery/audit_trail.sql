-- audit_trail: who did what, newest first.
--
-- out   at      TIMESTAMP  UTC
-- out   who     VARCHAR    a person or part of the program
-- out   what    VARCHAR    asked, imported, undone, acknowledged, snoozed or changed
-- out   about   VARCHAR    a question, file, key or setting
-- out   source  VARCHAR    command line, Slack or service

SELECT noted_at AS "at", who, what, about, source
FROM audit
ORDER BY noted_at DESC, who, what, about, source
