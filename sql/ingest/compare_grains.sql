-- compare_grains: what the rows of a coarser grain have on the compared days that finer rows, and gaps found before, lack.
-- Credits are compared within an environment; credits of an unknown environment may belong to any.
--
-- in    $coarser            VARCHAR        hour, and then day
-- in    $tolerance_percent  DECIMAL(38,6)  tolerated share of the coarser credits missing from the finer rows

INSERT INTO grain_gaps
WITH held AS (
    SELECT grain, card, environment, utc_day, actions, credits FROM grain_days
    WHERE utc_day IN (SELECT utc_day FROM compared_days) AND grain IN ('event', $coarser)
    UNION ALL
    SELECT 'gap' AS grain, card, environment, utc_day, actions, credits FROM grain_gaps
    WHERE utc_day IN (SELECT utc_day FROM compared_days)
),
both_sides AS (
    SELECT
        card, environment, utc_day,
        coalesce(sum(credits) FILTER (grain = $coarser), 0) AS coarse,
        coalesce(sum(credits) FILTER (grain <> $coarser), 0) AS fine,
        coalesce(sum(actions) FILTER (grain = $coarser), 0) AS coarse_actions,
        coalesce(sum(actions) FILTER (grain <> $coarser), 0) AS fine_actions,
        count(*) FILTER (grain = $coarser) AS coarse_rows,
        count(*) FILTER (grain <> $coarser) AS fine_rows
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
            WHEN coarse_rows > 0 AND (coarse - fine) * 100 > coarse * $tolerance_percent THEN greatest(coarse - fine, 0)
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
            WHEN lacking_of_day * 100 <= coarse_of_day * $tolerance_percent THEN 0
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
    $coarser AS grain, card, environment, utc_day, is_whole,
    CASE
        WHEN is_whole THEN coarse_actions
        WHEN is_told_apart THEN gap_actions
        ELSE greatest(lacking_actions_of_day - sum(gap_actions) OVER (PARTITION BY card, utc_day), 0)
    END AS actions,
    CASE WHEN is_whole THEN coarse ELSE gap END AS credits
FROM with_actions
QUALIFY is_whole OR gap > 0
ORDER BY card, environment, utc_day
