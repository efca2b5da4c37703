-- insert_audit: record who did what, as the next link of the chain.
--
-- in    $position  BIGINT     one more than the entry before
-- in    $at        TIMESTAMP  UTC
-- in    $who       VARCHAR    a person or part of the program
-- in    $what      VARCHAR    asked, imported, acknowledged, snoozed, changed, forgot
-- in    $about     VARCHAR    what it was about
-- in    $source    VARCHAR    its origin
-- in    $digest    VARCHAR    SHA-256 of what it says
-- in    $hash      VARCHAR    SHA-256 of the hash before, its position and its digest

INSERT INTO audit VALUES ($position, $at, $who, $what, $about, $source, $digest, $hash, false)
