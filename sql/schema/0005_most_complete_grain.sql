-- Of events, hours and days that describe the same credits the most complete counts. What finer rows lack stands beside them in
-- usage_rollup, as the grains 'hour gap' and 'day gap'; is_finest says from now on what is counted.
-- Existing warehouses are brought along with the usual tolerance; another one in app.yaml rebuilds them with the next import.

-- What the rows of each grain come to, by the wallet's own day.
CREATE TABLE grain_days (
    grain       VARCHAR       NOT NULL,  -- event, hour or day
    day         DATE          NOT NULL,  -- the team's
    utc_day     DATE          NOT NULL,  -- as the wallet cuts it
    card        VARCHAR       NOT NULL,
    environment VARCHAR       NOT NULL,  -- production, sandbox or unknown
    actions     DECIMAL(38,6) NOT NULL,
    credits     DECIMAL(38,6) NOT NULL
);

-- What a coarser grain holds of a card's day that the finer ones lack.
CREATE TABLE grain_gaps (
    grain       VARCHAR       NOT NULL,  -- hour: lacking in events; day: lacking in events and hours
    card        VARCHAR       NOT NULL,
    environment VARCHAR       NOT NULL,  -- unknown too where it cannot be told which environment lacks it
    utc_day     DATE          NOT NULL,
    is_whole    BOOLEAN       NOT NULL,  -- nothing finer describes them: the coarser rows themselves count
    actions     DECIMAL(38,6) NOT NULL,
    credits     DECIMAL(38,6) NOT NULL
);

INSERT INTO grain_days
WITH each_row AS (
    SELECT
        'event' AS grain, day, CAST(event_time AS DATE) AS utc_day, coalesce(card_definition, card_name, (SELECT json_extract_string(value, '$[1]') FROM warehouse_settings WHERE name = 'rollup_shaped_by')) AS card,
        environment, usage_type, credits, coalesce(usage_value, 1) AS actions
    FROM usage_events
    UNION ALL
    SELECT
        'hour' AS grain, day, CAST(hour_start AS DATE) AS utc_day, coalesce(card_definition, (SELECT json_extract_string(value, '$[1]') FROM warehouse_settings WHERE name = 'rollup_shaped_by')) AS card,
        environment, usage_type, credits, coalesce(usage_value, 0) AS actions
    FROM usage_hours
    WHERE (row_detail IS NULL OR row_detail = 'PROCESSED')
    UNION ALL
    SELECT
        'day' AS grain, day, day AS utc_day, coalesce(card_definition, (SELECT json_extract_string(value, '$[1]') FROM warehouse_settings WHERE name = 'rollup_shaped_by')) AS card,
        environment, usage_type, credits, coalesce(usage_value, 0) AS actions
    FROM usage_days
    WHERE upper(trim(coalesce(aggregation, 'SUM'))) <> 'MAX'
),
summed AS (
    SELECT grain, day, utc_day, card, environment, usage_type, sum(credits) AS credits, sum(actions) AS actions
    FROM each_row
    GROUP BY grain, day, utc_day, card, environment, usage_type
)
SELECT
    grain, day, utc_day, replace(card, ' ', '') AS card,
    CASE
        WHEN lower(trim(environment)) IN ('production', 'prod') THEN 'production'
        WHEN lower(trim(environment)) = 'sandbox' THEN 'sandbox'
        ELSE 'unknown'
    END AS environment,
    sum(CASE WHEN coalesce(usage_type, 'action') ILIKE '%action%' THEN actions ELSE 0 END),
    sum(credits)
FROM summed
GROUP BY ALL
ORDER BY grain, day, utc_day, card, environment;

INSERT INTO grain_gaps
WITH held AS (
    SELECT grain, card, environment, utc_day, actions, credits FROM grain_days
    WHERE grain IN ('event', 'hour')
    UNION ALL
    SELECT 'gap' AS grain, card, environment, utc_day, actions, credits FROM grain_gaps
),
both_sides AS (
    SELECT
        card, environment, utc_day,
        coalesce(sum(credits) FILTER (grain = 'hour'), 0) AS coarse,
        coalesce(sum(credits) FILTER (grain <> 'hour'), 0) AS fine,
        coalesce(sum(actions) FILTER (grain = 'hour'), 0) AS coarse_actions,
        coalesce(sum(actions) FILTER (grain <> 'hour'), 0) AS fine_actions,
        count(*) FILTER (grain = 'hour') AS coarse_rows,
        count(*) FILTER (grain <> 'hour') AS fine_rows
    FROM held
    GROUP BY card, environment, utc_day
),
of_day AS (
    SELECT
        *,
        sum(CASE WHEN environment <> 'unknown' THEN greatest(fine - coarse, 0) ELSE 0 END) OVER day AS fine_excess,
        sum(CASE WHEN environment = 'unknown' THEN greatest(fine, 0) ELSE 0 END) OVER day AS fine_unknown,
        sum(CASE WHEN environment = 'unknown' THEN fine_rows ELSE 0 END) OVER day AS fine_unknown_rows,
        sum(fine_rows) OVER day AS fine_rows_of_day,
        greatest(sum(coarse_actions - fine_actions) OVER day, 0) AS lacking_actions_of_day
    FROM both_sides
    WINDOW day AS (PARTITION BY card, utc_day)
),
short AS (
    SELECT
        *,
        CASE
            WHEN environment = 'unknown' THEN greatest(coarse - fine_excess, 0)
            WHEN (coarse - fine) * 100 > coarse * 0.5 THEN greatest(coarse - fine, 0)
            ELSE 0
        END AS lacking
    FROM of_day
),
left_over AS (
    SELECT
        *,
        greatest(sum(lacking) OVER day - fine_unknown, 0) AS lacking_of_day,
        sum(CASE WHEN lacking > 0 THEN coarse ELSE 0 END) OVER day AS coarse_of_day,
        count(*) FILTER (lacking > 0) OVER day AS lacking_environments
    FROM short
    WINDOW day AS (PARTITION BY card, utc_day)
),
placed AS (
    SELECT
        *,
        coarse_rows > 0 AND fine_unknown_rows = 0 AND fine_rows = 0
        AND (environment <> 'unknown' OR fine_rows_of_day = 0) AS is_whole,
        CASE
            WHEN lacking_of_day * 100 <= coarse_of_day * 0.5 THEN 0
            WHEN fine_unknown = 0 THEN lacking
            WHEN lacking_environments = 1 THEN CASE WHEN lacking > 0 THEN lacking_of_day ELSE 0 END
            WHEN environment = 'unknown' THEN lacking_of_day
            ELSE 0
        END AS gap,
        environment <> 'unknown' AND fine_unknown = 0 AS is_told_apart
    FROM left_over
),
with_actions AS (
    SELECT
        *,
        CASE WHEN is_told_apart AND (is_whole OR gap > 0) THEN greatest(coarse_actions - fine_actions, 0) ELSE 0 END AS gap_actions
    FROM placed
)
SELECT
    'hour' AS grain, card, environment, utc_day, is_whole,
    CASE
        WHEN is_whole THEN coarse_actions
        WHEN is_told_apart THEN gap_actions
        ELSE greatest(lacking_actions_of_day - sum(gap_actions) OVER (PARTITION BY card, utc_day), 0)
    END AS actions,
    CASE WHEN is_whole THEN coarse ELSE gap END AS credits
FROM with_actions
QUALIFY is_whole OR gap > 0
ORDER BY card, environment, utc_day;

INSERT INTO grain_gaps
WITH held AS (
    SELECT grain, card, environment, utc_day, actions, credits FROM grain_days
    WHERE grain IN ('event', 'day')
    UNION ALL
    SELECT 'gap' AS grain, card, environment, utc_day, actions, credits FROM grain_gaps
),
both_sides AS (
    SELECT
        card, environment, utc_day,
        coalesce(sum(credits) FILTER (grain = 'day'), 0) AS coarse,
        coalesce(sum(credits) FILTER (grain <> 'day'), 0) AS fine,
        coalesce(sum(actions) FILTER (grain = 'day'), 0) AS coarse_actions,
        coalesce(sum(actions) FILTER (grain <> 'day'), 0) AS fine_actions,
        count(*) FILTER (grain = 'day') AS coarse_rows,
        count(*) FILTER (grain <> 'day') AS fine_rows
    FROM held
    GROUP BY card, environment, utc_day
),
of_day AS (
    SELECT
        *,
        sum(CASE WHEN environment <> 'unknown' THEN greatest(fine - coarse, 0) ELSE 0 END) OVER day AS fine_excess,
        sum(CASE WHEN environment = 'unknown' THEN greatest(fine, 0) ELSE 0 END) OVER day AS fine_unknown,
        sum(CASE WHEN environment = 'unknown' THEN fine_rows ELSE 0 END) OVER day AS fine_unknown_rows,
        sum(fine_rows) OVER day AS fine_rows_of_day,
        greatest(sum(coarse_actions - fine_actions) OVER day, 0) AS lacking_actions_of_day
    FROM both_sides
    WINDOW day AS (PARTITION BY card, utc_day)
),
short AS (
    SELECT
        *,
        CASE
            WHEN environment = 'unknown' THEN greatest(coarse - fine_excess, 0)
            WHEN (coarse - fine) * 100 > coarse * 0.5 THEN greatest(coarse - fine, 0)
            ELSE 0
        END AS lacking
    FROM of_day
),
left_over AS (
    SELECT
        *,
        greatest(sum(lacking) OVER day - fine_unknown, 0) AS lacking_of_day,
        sum(CASE WHEN lacking > 0 THEN coarse ELSE 0 END) OVER day AS coarse_of_day,
        count(*) FILTER (lacking > 0) OVER day AS lacking_environments
    FROM short
    WINDOW day AS (PARTITION BY card, utc_day)
),
placed AS (
    SELECT
        *,
        coarse_rows > 0 AND fine_unknown_rows = 0 AND fine_rows = 0
        AND (environment <> 'unknown' OR fine_rows_of_day = 0) AS is_whole,
        CASE
            WHEN lacking_of_day * 100 <= coarse_of_day * 0.5 THEN 0
            WHEN fine_unknown = 0 THEN lacking
            WHEN lacking_environments = 1 THEN CASE WHEN lacking > 0 THEN lacking_of_day ELSE 0 END
            WHEN environment = 'unknown' THEN lacking_of_day
            ELSE 0
        END AS gap,
        environment <> 'unknown' AND fine_unknown = 0 AS is_told_apart
    FROM left_over
),
with_actions AS (
    SELECT
        *,
        CASE WHEN is_told_apart AND (is_whole OR gap > 0) THEN greatest(coarse_actions - fine_actions, 0) ELSE 0 END AS gap_actions
    FROM placed
)
SELECT
    'day' AS grain, card, environment, utc_day, is_whole,
    CASE
        WHEN is_whole THEN coarse_actions
        WHEN is_told_apart THEN gap_actions
        ELSE greatest(lacking_actions_of_day - sum(gap_actions) OVER (PARTITION BY card, utc_day), 0)
    END AS actions,
    CASE WHEN is_whole THEN coarse ELSE gap END AS credits
FROM with_actions
QUALIFY is_whole OR gap > 0
ORDER BY card, environment, utc_day;

DELETE FROM usage_rollup WHERE grain <> 'event';

INSERT INTO usage_rollup
WITH summed AS (
    SELECT
        day, CAST(hour_start AS DATE) AS utc_day, replace(coalesce(card_definition, (SELECT json_extract_string(value, '$[1]') FROM warehouse_settings WHERE name = 'rollup_shaped_by')), ' ', '') AS card,
        CASE
            WHEN lower(trim(environment)) IN ('production', 'prod') THEN 'production'
            WHEN lower(trim(environment)) = 'sandbox' THEN 'sandbox'
            ELSE 'unknown'
        END AS environment,
        coalesce(usage_type, '') AS usage_type, coalesce(resource, '') AS action, count(*) AS row_count,
        sum(CASE WHEN coalesce(usage_type, 'action') ILIKE '%action%' THEN coalesce(usage_value, 0) ELSE 0 END) AS actions,
        sum(credits) AS credits
    FROM usage_hours
    WHERE (row_detail IS NULL OR row_detail = 'PROCESSED')
    GROUP BY ALL
)
SELECT
    'hour' AS grain, coalesce(g.is_whole, false) AS is_finest, s.day, s.card, s.environment, '' AS org, '' AS paying_org,
    s.usage_type, '' AS agent, s.action, '' AS department, '' AS use_case,
    sum(s.row_count), sum(s.actions), sum(s.credits), 0, 0, 0
FROM summed AS s
LEFT JOIN grain_gaps AS g
    ON g.grain = 'hour' AND g.card = s.card AND g.environment = s.environment AND g.utc_day = s.utc_day
GROUP BY ALL
ORDER BY s.day, s.card, s.environment, s.usage_type, s.action, is_finest;

INSERT INTO usage_rollup
WITH summed AS (
    SELECT
        day, replace(coalesce(card_definition, (SELECT json_extract_string(value, '$[1]') FROM warehouse_settings WHERE name = 'rollup_shaped_by')), ' ', '') AS card,
        CASE
            WHEN lower(trim(environment)) IN ('production', 'prod') THEN 'production'
            WHEN lower(trim(environment)) = 'sandbox' THEN 'sandbox'
            ELSE 'unknown'
        END AS environment,
        coalesce(usage_type, '') AS usage_type, count(*) AS row_count,
        sum(CASE WHEN coalesce(usage_type, 'action') ILIKE '%action%' THEN coalesce(usage_value, 0) ELSE 0 END) AS actions,
        sum(credits) AS credits
    FROM usage_days
    WHERE upper(trim(coalesce(aggregation, 'SUM'))) <> 'MAX'
    GROUP BY ALL
)
SELECT
    'day' AS grain, coalesce(g.is_whole, false) AS is_finest, s.day, s.card, s.environment, '' AS org, '' AS paying_org,
    s.usage_type, '' AS agent, '' AS action, '' AS department, '' AS use_case,
    s.row_count, s.actions, s.credits, 0, 0, 0
FROM summed AS s
LEFT JOIN grain_gaps AS g
    ON g.grain = 'day' AND g.card = s.card AND g.environment = s.environment AND g.utc_day = s.day
ORDER BY s.day, s.card, s.environment, s.usage_type;

INSERT INTO usage_rollup
WITH gaps AS (
    SELECT grain, card, environment, utc_day, actions, credits
    FROM grain_gaps
    WHERE NOT is_whole
),
pieces AS (
    SELECT
        g.card, g.environment, g.utc_day, d.day, g.actions, g.credits,
        greatest(sum(CASE WHEN d.grain = 'hour' THEN d.credits ELSE -d.credits END), 0) AS more
    FROM gaps AS g
    JOIN grain_days AS d
        ON d.card = g.card AND d.utc_day = g.utc_day AND d.grain IN ('event', 'hour')
        AND (g.environment = 'unknown' OR d.environment = g.environment OR (d.environment = 'unknown' AND d.grain = 'event'))
    WHERE g.grain = 'hour'
    GROUP BY g.card, g.environment, g.utc_day, d.day, g.actions, g.credits
    HAVING count(*) FILTER (d.grain = 'hour') > 0
),
running AS (
    SELECT
        *,
        least(coalesce(sum(more) OVER (earlier ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0), credits) AS credits_from,
        CASE
            WHEN row_number() OVER (PARTITION BY card, environment, utc_day ORDER BY day DESC) = 1 THEN credits
            ELSE least(sum(more) OVER (earlier ROWS UNBOUNDED PRECEDING), credits)
        END AS credits_to
    FROM pieces
    WINDOW earlier AS (PARTITION BY card, environment, utc_day ORDER BY day)
),
each_gap AS (
    SELECT
        'hour gap' AS grain, day, card, environment,
        CASE
            WHEN row_number() OVER (PARTITION BY card, environment, utc_day ORDER BY credits_to - credits_from DESC, day) = 1
                THEN actions
            ELSE 0
        END AS actions,
        credits_to - credits_from AS credits
    FROM running
    UNION ALL
    SELECT 'day gap' AS grain, utc_day AS day, card, environment, actions, credits
    FROM gaps
    WHERE grain = 'day'
)
SELECT
    grain, true AS is_finest, day, card, environment, '' AS org, '' AS paying_org, '' AS usage_type, '' AS agent, '' AS action,
    '' AS department, '' AS use_case, count(*) AS row_count, sum(actions) AS actions, sum(credits) AS credits, 0, 0, 0
FROM each_gap
WHERE credits > 0
GROUP BY grain, day, card, environment
ORDER BY grain, day, card, environment;
