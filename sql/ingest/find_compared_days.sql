-- find_compared_days: the UTC days that the rows of the touched days lie on.

INSERT INTO compared_days
SELECT DISTINCT utc_day
FROM grain_days
WHERE day IN (SELECT day FROM touched_days) AND utc_day NOT IN (SELECT utc_day FROM compared_days)
ORDER BY utc_day
