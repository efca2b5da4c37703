-- issue_digest: record a digest that was made, unless it already is.
--
-- in    $digest_name  VARCHAR    team and kind
-- in    $period       VARCHAR    the days it covers
-- in    $now          TIMESTAMP  UTC
-- in    $headline     VARCHAR    its text

INSERT INTO digests VALUES ($digest_name, $period, $now, $headline)
ON CONFLICT DO NOTHING
