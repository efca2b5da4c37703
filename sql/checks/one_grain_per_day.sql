-- one_grain_per_day: cards, environments and days whose credits would be counted at more than one grain.
--
-- out   card         VARCHAR  consumption card
-- out   environment  VARCHAR  production, sandbox or unknown
-- out   day          DATE     the day counted twice
-- out   grains       BIGINT   how many grains count

SELECT card, environment, day, count(DISTINCT grain) AS grains
FROM usage_rollup
WHERE is_finest
GROUP BY card, environment, day
HAVING count(DISTINCT grain) > 1
ORDER BY card, environment, day
