-- insert_audit: who did what.
--
-- in    $at      TIMESTAMP  UTC
-- in    $who     VARCHAR    a person or part of the program
-- in    $what    VARCHAR    asked, imported, acknowledged, snoozed, changed
-- in    $about   VARCHAR    what it was about
-- in    $source  VARCHAR    from where

INSERT INTO audit VALUES ($at, $who, $what, $about, $source)
