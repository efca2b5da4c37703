-- newest_data: the latest instant in the data of any import.
--
-- out   data_through  TIMESTAMP  UTC; NULL while nothing was imported

SELECT max(data_through) AS data_through
FROM imports
ORDER BY data_through
