-- misses_by_text: questions that were not understood, most frequent first.
--
-- out   text      VARCHAR    as it was typed, in lower case
-- out   times     BIGINT     how often it was asked
-- out   surfaces  VARCHAR    its origins, separated by commas
-- out   newest    TIMESTAMP  when it was last asked, UTC

SELECT
    lower(trim(text)) AS text,
    count(*) AS times,
    string_agg(DISTINCT surface, ', ' ORDER BY surface) AS surfaces,
    max(noted_at) AS newest
FROM misses
GROUP BY lower(trim(text))
ORDER BY times DESC, newest DESC, text
