-- find_recounted_days: the team's days on which a touched or compared day may have changed the count.

INSERT INTO recounted_days
SELECT day FROM touched_days
UNION
SELECT day FROM grain_days WHERE utc_day IN (SELECT utc_day FROM compared_days)
ORDER BY day
