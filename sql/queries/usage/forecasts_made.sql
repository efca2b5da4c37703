-- forecasts_made: the forecasts for a part of the wallet, the newest one for each first day ahead.
--
-- in    $card                       VARCHAR        card
-- in    $grain                      VARCHAR        NULL for the finest available
-- in    $environment                VARCHAR        NULL for all
-- in    $org                        VARCHAR        NULL for all
-- in    $agent                      VARCHAR        NULL for all
-- in    $department                 VARCHAR        NULL for all
-- out   made_at                     TIMESTAMP      when it was first asked for, UTC
-- out   made_on                     DATE           the day it was made for
-- out   first_day                   DATE           the first day ahead
-- out   seed                        BIGINT         the seed of the simulated futures
-- out   next_7_days_credits         DECIMAL(38,6)  middle
-- out   next_7_days_credits_low     DECIMAL(38,6)  NULL without a range
-- out   next_7_days_credits_high    DECIMAL(38,6)  NULL without a range
-- out   next_28_days_credits        DECIMAL(38,6)  middle
-- out   next_28_days_credits_low    DECIMAL(38,6)  NULL without a range
-- out   next_28_days_credits_high   DECIMAL(38,6)  NULL without a range
-- out   depletion_day               DATE           NULL if there is none
-- out   depletion_day_early         DATE           NULL if there is none
-- out   depletion_day_late          DATE           NULL if there is none

SELECT
    made_at, made_on, first_day, seed, next_7_days_credits, next_7_days_credits_low, next_7_days_credits_high,
    next_28_days_credits, next_28_days_credits_low, next_28_days_credits_high, depletion_day,
    depletion_day_early, depletion_day_late
FROM forecasts
WHERE
    card = $card AND grain IS NOT DISTINCT FROM $grain AND environment IS NOT DISTINCT FROM $environment AND
    org IS NOT DISTINCT FROM $org AND agent IS NOT DISTINCT FROM $agent AND department IS NOT DISTINCT FROM
    $department
QUALIFY row_number() OVER (PARTITION BY first_day ORDER BY made_at DESC, forecast_id) = 1
ORDER BY first_day
