-- new_tags: tag texts of the incoming events that have not been read yet.
--
-- out   tags  VARCHAR  as delivered

SELECT tags
FROM (
    SELECT root_resource_tags AS tags FROM incoming WHERE root_resource_tags IS NOT NULL AND fault IS NULL GROUP BY ALL
    UNION
    SELECT resource_tags AS tags FROM incoming WHERE resource_tags IS NOT NULL AND fault IS NULL GROUP BY ALL
)
WHERE tags NOT IN (SELECT tags FROM tag_sets)
ORDER BY tags
