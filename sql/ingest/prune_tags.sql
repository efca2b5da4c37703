-- prune_tags: delete the tag texts that no event has any more, counted, folded or not.

DELETE FROM tag_sets
WHERE tags NOT IN (
    SELECT DISTINCT root_resource_tags FROM usage_events WHERE root_resource_tags IS NOT NULL
    UNION ALL
    SELECT DISTINCT resource_tags FROM usage_events WHERE resource_tags IS NOT NULL
    UNION ALL
    SELECT DISTINCT root_resource_tags FROM superseded_usage_events WHERE root_resource_tags IS NOT NULL
    UNION ALL
    SELECT DISTINCT resource_tags FROM superseded_usage_events WHERE resource_tags IS NOT NULL
    UNION ALL
    SELECT DISTINCT root_resource_tags FROM folded_events WHERE root_resource_tags IS NOT NULL
    UNION ALL
    SELECT DISTINCT resource_tags FROM folded_events WHERE resource_tags IS NOT NULL
)
