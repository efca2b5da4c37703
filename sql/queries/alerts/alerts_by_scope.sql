-- alerts_by_scope: every alert ever raised for a team's part of a card.
--
-- in    $team      VARCHAR  team
-- in    $org       VARCHAR  org; empty for all
-- in    $card      VARCHAR  card; empty for what is about every card
-- out   key        VARCHAR  the alert's key
-- out   rule       VARCHAR  a row of alert_rules, such as level or spike
-- out   level      VARCHAR  the level, or another occasion
-- out   term       VARCHAR  the term; empty if there is none
-- out   direction  VARCHAR  up, or down for a recovery
-- out   state      VARCHAR  open, acknowledged, snoozed, recovered or closed
-- out   term_end   DATE     from which it no longer matters; NULL if there is no such day
-- out   day        DATE     on which it was decided
-- out   words      VARCHAR  its text
-- out   answer     VARCHAR  the message, as JSON

SELECT key, rule, level, term, direction, state, term_end, day, words, answer
FROM alerts
WHERE team = $team AND org = $org AND card = $card
ORDER BY key
