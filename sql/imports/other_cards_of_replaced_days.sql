-- other_cards_of_replaced_days: what counts of other cards on the days that an import is authoritative for.
--
-- in    $import_id  INTEGER        which
-- out   card        VARCHAR        a card without rows in the import
-- out   credits     DECIMAL(38,6)  its credits that count

SELECT u.card, CAST(sum(u.credits) AS DECIMAL(38,6)) AS credits
FROM usage AS u
WHERE
    EXISTS (
        SELECT 1 FROM replaced_days AS r WHERE r.import_id = $import_id AND u.day >= r.first_day AND u.day < r.day_after_last
    )
    AND NOT EXISTS (
        SELECT 1
        FROM replaced_days AS r
        WHERE
            r.import_id = $import_id
            AND r.card = lower(regexp_replace(u.card, '[\s_\-]+', '', 'g'))
    )
GROUP BY u.card
HAVING sum(u.credits) <> 0
ORDER BY u.card
