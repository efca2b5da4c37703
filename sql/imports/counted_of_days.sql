-- counted_of_days: what counts on the team's days for which an import is to be authoritative, of its cards.
--
-- in    $import_id  INTEGER        which
-- in    $agent      VARCHAR        in plain letters; empty for all
-- out   credits     DECIMAL(38,6)  each credit once

SELECT CAST(coalesce(sum(u.credits), 0) AS DECIMAL(38,6)) AS credits
FROM usage AS u
WHERE
    ($agent = '' OR lower(regexp_replace(u.agent, '[\s_\-]+', '', 'g')) = $agent)
    AND EXISTS (
        SELECT 1
        FROM replaced_days AS r
        WHERE
            r.import_id = $import_id AND u.day >= r.first_day AND u.day < r.day_after_last
            AND r.card = lower(regexp_replace(u.card, '[\s_\-]+', '', 'g'))
    )
ORDER BY credits
