-- messages_of_place: where the alerts of a team's part of a card were sent, or will be, in the order of events.
--
-- in    $team         VARCHAR  team
-- in    $org          VARCHAR  org; empty for all
-- in    $card         VARCHAR  card; empty for what is about every card
-- out   position      BIGINT   the order of what happened
-- out   key           VARCHAR  the message's key
-- out   alert_key     VARCHAR  the alert's key
-- out   kind          VARCHAR  channel, spreadsheet or email
-- out   address       VARCHAR  its id
-- out   is_told       BOOLEAN  whether it arrived
-- out   is_withdrawn  BOOLEAN  whether it did not arrive, as far as is known, and will not be sent any more

SELECT
    outbox.position, outbox.key, outbox.alert_key, outbox.kind, outbox.address,
    outbox.delivered_at IS NOT NULL AS is_told, outbox.delivered_at IS NULL AND outbox.is_unwanted AS is_withdrawn
FROM outbox
INNER JOIN alerts ON outbox.alert_key = alerts.key
WHERE alerts.team = $team AND alerts.org = $org AND alerts.card = $card
ORDER BY position, key, kind, address
