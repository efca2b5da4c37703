-- chain_audit: adds the links of entries that were written before there was a chain.
--
-- in    $positions  VARCHAR  their positions, separated by commas
-- in    $digests    VARCHAR  their digests, likewise
-- in    $hashes     VARCHAR  their hashes, likewise

UPDATE audit
SET digest = links.digest, hash = links.hash
FROM (
    SELECT
        unnest(string_split($positions, ',')) AS position, unnest(string_split($digests, ',')) AS digest,
        unnest(string_split($hashes, ',')) AS hash
) AS links
WHERE audit.position = CAST(links.position AS BIGINT)
