-- insert_alert: a new alert, in its first state.
--
-- in    $key        VARCHAR    short, unique
-- in    $team       VARCHAR    team
-- in    $org        VARCHAR    empty for all
-- in    $card       VARCHAR    empty for all
-- in    $rule       VARCHAR    the rule
-- in    $level      VARCHAR    the level or occasion
-- in    $term       VARCHAR    the term
-- in    $direction  VARCHAR    up or down
-- in    $day        DATE       the team's day
-- in    $now        TIMESTAMP  UTC
-- in    $term_end   DATE       NULL if there is none
-- in    $owner      VARCHAR    its owner
-- in    $words      VARCHAR    its text
-- in    $answer     VARCHAR    the message, as JSON
-- in    $state      VARCHAR    open or closed
-- in    $by         VARCHAR    who decided it

INSERT INTO alerts VALUES (
    $key, $team, $org, $card, $rule, $level, $term, $direction, $day, $now, $term_end, $owner, $words, $answer, $state, $by, $now,
    NULL
)
