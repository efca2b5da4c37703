-- counted_of_utc_days: what counts on the UTC days for which an import of daily rows is to be authoritative, of its cards.
--
-- in    $import_id  INTEGER        which
-- out   credits     DECIMAL(38,6)  events, plus the coarser rows' credits that they lack

WITH held AS (
    SELECT card, utc_day, credits FROM grain_days WHERE grain = 'event'
    UNION ALL
    SELECT card, utc_day, credits FROM grain_gaps
)
SELECT CAST(coalesce(sum(h.credits), 0) AS DECIMAL(38,6)) AS credits
FROM held AS h
WHERE EXISTS (
    SELECT 1
    FROM replaced_days AS r
    WHERE
        r.import_id = $import_id AND h.utc_day >= r.first_day AND h.utc_day < r.day_after_last
        AND r.card = lower(regexp_replace(h.card, '[\s_\-]+', '', 'g'))
)
ORDER BY credits
