-- wallet_extent: the extent of the wallet's data.
--
-- in    $card         VARCHAR    the card whose days are meant
-- out   data_through  TIMESTAMP  latest processed time of any import, UTC; NULL while nothing was imported
-- out   last_import   TIMESTAMP  when the latest import ended, UTC; NULL while nothing was imported
-- out   imports       BIGINT     files imported
-- out   first_day     DATE       first day with usage of the card; NULL without any
-- out   last_day      DATE       last day with usage of the card; NULL without any
-- out   is_mixed      BOOLEAN    rows of several grains are counted

SELECT
    (SELECT max(data_through) FROM imports) AS data_through,
    (SELECT max(imported_at) FROM imports) AS last_import,
    (SELECT count(*) FROM imports) AS imports,
    min(day) AS first_day,
    max(day) AS last_day,
    count(DISTINCT grain) > 1 AS is_mixed
FROM usage
WHERE card = $card
ORDER BY first_day
