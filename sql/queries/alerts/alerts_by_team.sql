-- alerts_by_team: all alerts, newest first.
--
-- in    $team          VARCHAR    NULL for all
-- in    $card          VARCHAR    NULL for all; alerts about every card come with each
-- out   key            VARCHAR    the alert's key
-- out   rule           VARCHAR    a row of alert_rules, such as level or spike
-- out   level          VARCHAR    the level, or another occasion
-- out   term           VARCHAR    the term, or budget and period; empty if there is none
-- out   direction      VARCHAR    up, or down for a recovery
-- out   team           VARCHAR    its recipient
-- out   org            VARCHAR    empty for all
-- out   card           VARCHAR    empty for all
-- out   day            DATE       the team's day on which it was decided
-- out   decided_at     TIMESTAMP  when, UTC
-- out   term_end       DATE       from which it no longer matters; NULL if there is no such day
-- out   state          VARCHAR    open, acknowledged, snoozed, recovered or closed
-- out   state_by       VARCHAR    who set that state
-- out   state_at       TIMESTAMP  since when, UTC
-- out   snoozed_until  TIMESTAMP  UTC; NULL unless snoozed
-- out   owner          VARCHAR    its owner
-- out   words          VARCHAR    its text
-- out   answer         VARCHAR    the message, as JSON

SELECT
    key, rule, level, term, direction, team, org, card, day, decided_at, term_end, state, state_by, state_at, snoozed_until, owner, words,
    answer
FROM alerts
WHERE
    ($team IS NULL OR team = $team)
    AND ($card IS NULL OR card = $card OR card = '')
ORDER BY day DESC, key
