-- place_asked: record that a channel's history was asked.
--
-- in    $kind     VARCHAR    channel, spreadsheet or email
-- in    $address  VARCHAR    its id
-- in    $now      TIMESTAMP  UTC

INSERT INTO asked_places VALUES ($kind, $address, $now)
ON CONFLICT DO NOTHING
