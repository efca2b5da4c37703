-- insert_miss: a question that was not understood.
--
-- in    $at       TIMESTAMP  UTC
-- in    $text     VARCHAR    as it was typed, addresses and ids of people left out
-- in    $surface  VARCHAR    its origin

INSERT INTO misses VALUES ($at, $text, $surface)
