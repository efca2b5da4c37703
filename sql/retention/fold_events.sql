-- fold_events: add the counted events of the closing days to the sums.

INSERT INTO folded_events
SELECT
    day, CAST(event_time AS DATE) AS utc_day, usage_type, resource, root_resource, resource_tags, root_resource_tags, user_id, card_name,
    card_definition, reporting_org, entitlement_org, environment,
    count(*), sum(coalesce(usage_value, 1)), sum(credits),
    count(*) FILTER (usage_value > 1),
    sum(CASE WHEN usage_value > 1 THEN usage_value - 1 ELSE 0 END),
    sum(CASE WHEN usage_value > 1 THEN greatest(credits - coalesce(multiplier, credits), 0) ELSE 0 END),
    NULL AS import_id
FROM usage_events
WHERE
    day IN (SELECT day FROM closing_days WHERE table_name = 'usage_events')
    AND id NOT IN (SELECT id FROM repeated_rows WHERE grain = 'event')
GROUP BY
    day, CAST(event_time AS DATE), usage_type, resource, root_resource, resource_tags, root_resource_tags, user_id, card_name,
    card_definition, reporting_org, entitlement_org, environment
