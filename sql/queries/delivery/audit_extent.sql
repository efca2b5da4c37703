-- audit_extent: the oldest audit entry, and the newest instants that are stored.
--
-- out   oldest        TIMESTAMP  the oldest entry, UTC; NULL while there is none
-- out   newest        TIMESTAMP  the newest entry, import or decision, UTC; NULL while there is none
-- out   data_through  TIMESTAMP  latest instant in the data of any import, UTC; NULL while nothing was imported

SELECT
    min(noted_at) AS oldest,
    greatest(max(noted_at), (SELECT max(imported_at) FROM imports), (SELECT max(evaluated_at) FROM evaluations)) AS newest,
    (SELECT max(data_through) FROM imports) AS data_through
FROM audit
ORDER BY oldest
