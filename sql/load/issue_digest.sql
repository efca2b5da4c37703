-- issue_digest: a digest that was made, unless it was already.
--
-- in    $name      VARCHAR    team and kind
-- in    $period    VARCHAR    the days it is of
-- in    $now       TIMESTAMP  UTC
-- in    $headline  VARCHAR    what it says

INSERT INTO digests VALUES ($name, $period, $now, $headline)
ON CONFLICT DO NOTHING
