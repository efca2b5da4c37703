-- claim_days: an import is authoritative for days of a card.
--
-- in    $import_id       INTEGER    its number
-- in    $table_name      VARCHAR    the table of its rows
-- in    $first_day       DATE       the first day
-- in    $day_after_last  DATE       the day after the last
-- in    $begins_at       TIMESTAMP  when the first begins, UTC
-- in    $ends_at         TIMESTAMP  when the last ends, UTC
-- in    $card            VARCHAR    the card, in plain letters
-- in    $default_card    VARCHAR    the card of rows that name none, in plain letters
-- in    $agent           VARCHAR    the only agent, in plain letters; empty for all

INSERT INTO replaced_days VALUES (
    $import_id, $table_name, $first_day, $day_after_last, $begins_at, $ends_at, $card, $default_card, $agent
)
