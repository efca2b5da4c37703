-- lacking_of_replaced_days: what coarser rows add on the days for which an import is to be authoritative, as finer ones lack it.
--
-- in    $import_id  INTEGER        which
-- out   credits     DECIMAL(38,6)  of its cards

SELECT CAST(coalesce(sum(u.credits), 0) AS DECIMAL(38,6)) AS credits
FROM usage AS u
WHERE
    u.grain <> 'event'
    AND EXISTS (
        SELECT 1
        FROM replaced_days AS r
        WHERE
            r.import_id = $import_id AND u.day >= r.first_day AND u.day < r.day_after_last
            AND r.card = lower(regexp_replace(u.card, '[\s_\-]+', '', 'g'))
    )
ORDER BY credits
