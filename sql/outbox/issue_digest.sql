-- issue_digest: a digest that was made, unless it was already.
--
-- in    $digest_name  VARCHAR    team and kind
-- in    $period       VARCHAR    the days it is of
-- in    $now          TIMESTAMP  UTC
-- in    $headline     VARCHAR    what it says

INSERT INTO digests VALUES ($digest_name, $period, $now, $headline)
ON CONFLICT DO NOTHING
