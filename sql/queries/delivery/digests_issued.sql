-- digests_issued: every digest that was issued, newest first.
--
-- out   name       VARCHAR    team and kind
-- out   period     VARCHAR    ISO week or month, as 2026-W47 or 2026-11
-- out   issued_at  TIMESTAMP  UTC
-- out   headline   VARCHAR    its sentence

SELECT name, period, issued_at, headline
FROM digests
ORDER BY issued_at DESC, name, period
