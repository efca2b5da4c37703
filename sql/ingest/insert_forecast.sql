-- insert_forecast: record a forecast, unless it is recorded already.
--
-- in    $forecast_id                 VARCHAR        the identity of the forecast
-- in    $made_at                     TIMESTAMP      now, UTC
-- in    $made_on                     DATE           the day it was made for
-- in    $first_day                   DATE           the first day ahead
-- in    $seed                        BIGINT         the seed of the simulated futures
-- in    $card                        VARCHAR        card
-- in    $grain                       VARCHAR        NULL for the finest available
-- in    $environment                 VARCHAR        NULL for all
-- in    $org                         VARCHAR        NULL for all
-- in    $agent                       VARCHAR        NULL for all
-- in    $department                  VARCHAR        NULL for all
-- in    $next_7_days_credits         DECIMAL(38,6)  middle
-- in    $next_7_days_credits_low     DECIMAL(38,6)  NULL without a range
-- in    $next_7_days_credits_high    DECIMAL(38,6)  NULL without a range
-- in    $next_28_days_credits        DECIMAL(38,6)  middle
-- in    $next_28_days_credits_low    DECIMAL(38,6)  NULL without a range
-- in    $next_28_days_credits_high   DECIMAL(38,6)  NULL without a range
-- in    $depletion_day               DATE           NULL if there is none
-- in    $depletion_day_early         DATE           NULL if there is none
-- in    $depletion_day_late          DATE           NULL if there is none
-- in    $term_end                    DATE           NULL for an open term
-- in    $unused_credits_at_end       DECIMAL(38,6)  NULL for an open term
-- in    $unused_credits_at_end_low   DECIMAL(38,6)  NULL without a range
-- in    $unused_credits_at_end_high  DECIMAL(38,6)  NULL without a range

INSERT INTO forecasts (
    forecast_id, made_at, made_on, first_day, seed, card, grain, environment, org, agent, department,
    next_7_days_credits, next_7_days_credits_low, next_7_days_credits_high, next_28_days_credits,
    next_28_days_credits_low, next_28_days_credits_high, depletion_day, depletion_day_early,
    depletion_day_late, term_end, unused_credits_at_end, unused_credits_at_end_low, unused_credits_at_end_high
)
SELECT
    $forecast_id, $made_at AS made_at, $made_on, $first_day, $seed, $card, $grain, $environment, $org, $agent,
    $department, $next_7_days_credits, $next_7_days_credits_low, $next_7_days_credits_high,
    $next_28_days_credits, $next_28_days_credits_low, $next_28_days_credits_high, $depletion_day,
    $depletion_day_early, $depletion_day_late, $term_end, $unused_credits_at_end, $unused_credits_at_end_low,
    $unused_credits_at_end_high
WHERE NOT EXISTS (SELECT 1 FROM forecasts WHERE forecast_id = $forecast_id)
ORDER BY made_at
