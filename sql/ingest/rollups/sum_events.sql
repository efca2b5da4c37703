-- sum_events: the touched days' events, including folded ones, summed once for all daily rollups.
--
-- in    $first_day     DATE     first touched day
-- in    $last_day      DATE     last touched day
-- in    $default_card  VARCHAR  card of rows that name none

CREATE OR REPLACE TEMP TABLE event_sums AS
SELECT
    day, CAST(event_time AS DATE) AS utc_day, coalesce(card_definition, card_name, $default_card) AS card, environment,
    reporting_org, entitlement_org, usage_type, root_resource, resource, root_resource_tags, resource_tags,
    coalesce(usage_type, 'action') ILIKE '%action%' AS is_action,
    count(*) AS row_count,
    sum(coalesce(usage_value, 1)) AS actions,
    sum(credits) AS credits,
    count(*) FILTER (usage_value > 1) AS dear_rows,
    sum(CASE WHEN usage_value > 1 THEN usage_value - 1 ELSE 0 END) AS excess_actions,
    sum(CASE WHEN usage_value > 1 THEN greatest(credits - coalesce(multiplier, credits), 0) ELSE 0 END) AS excess_credits
FROM usage_events
WHERE
    day BETWEEN $first_day AND $last_day AND day IN (SELECT day FROM touched_days)
    AND id NOT IN (SELECT id FROM repeated_rows WHERE grain = 'event')
GROUP BY
    day, CAST(event_time AS DATE), coalesce(card_definition, card_name, $default_card), environment,
    reporting_org, entitlement_org, usage_type, root_resource, resource, root_resource_tags, resource_tags
UNION ALL
SELECT
    day, utc_day, coalesce(card_definition, card_name, $default_card) AS card, environment,
    reporting_org, entitlement_org, usage_type, root_resource, resource, root_resource_tags, resource_tags,
    coalesce(usage_type, 'action') ILIKE '%action%' AS is_action,
    row_count, actions, credits, dear_rows, excess_actions, excess_credits
FROM folded_events
WHERE day BETWEEN $first_day AND $last_day AND day IN (SELECT day FROM touched_days)
