-- Every forecast that was issued, once for the same part, data, grants and seed. NULL where it gave no such figure;
-- a filter that is NULL left everything in.
CREATE TABLE forecasts (
    forecast_id                VARCHAR   NOT NULL,
    made_at                    TIMESTAMP NOT NULL,
    made_on                    DATE      NOT NULL,  -- the day it was made for, in the team's time zone
    first_day                  DATE      NOT NULL,  -- the first day ahead
    seed                       BIGINT    NOT NULL,
    card                       VARCHAR   NOT NULL,
    grain                      VARCHAR,
    environment                VARCHAR,
    org                        VARCHAR,
    agent                      VARCHAR,
    department                 VARCHAR,
    next_7_days_credits        DECIMAL(38,6) NOT NULL,
    next_7_days_credits_low    DECIMAL(38,6),
    next_7_days_credits_high   DECIMAL(38,6),
    next_28_days_credits       DECIMAL(38,6) NOT NULL,
    next_28_days_credits_low   DECIMAL(38,6),
    next_28_days_credits_high  DECIMAL(38,6),
    depletion_day              DATE,
    depletion_day_early        DATE,
    depletion_day_late         DATE,
    term_end                   DATE,
    unused_credits_at_end      DECIMAL(38,6),
    unused_credits_at_end_low  DECIMAL(38,6),
    unused_credits_at_end_high DECIMAL(38,6)
);
