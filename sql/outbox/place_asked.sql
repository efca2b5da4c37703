-- place_asked: a place whose history was asked.
--
-- in    $kind     VARCHAR    channel, spreadsheet or email
-- in    $address  VARCHAR    where
-- in    $now      TIMESTAMP  UTC

INSERT INTO asked_places VALUES ($kind, $address, $now)
ON CONFLICT DO NOTHING
