-- Each credential of a run's log by its own name, and what the log proves of it in the names of the log.
WITH name_of AS (
    SELECT entity, id, name FROM fact.natural_key WHERE run = $run
)
SELECT coalesce((FROM name_of SELECT name WHERE entity = 'credential' AND id = c.id), c.id::VARCHAR) AS name,
       c.* EXCLUDE (run, id) REPLACE (
           (FROM fact.principal p SELECT p.name WHERE p.workload = r.workload AND p.id = c.issuer) AS issuer,
           (FROM fact.principal p SELECT p.name WHERE p.workload = r.workload AND p.id = c.holder) AS holder,
           coalesce((FROM name_of SELECT name WHERE entity = 'task' AND id = c.task), c.task::VARCHAR) AS task,
           nullif(c.resolved::VARCHAR, 'unknown') AS resolved, nullif(c.binding::VARCHAR, 'unknown') AS binding
       )
FROM log.credential c JOIN fact.run r ON r.key = c.run
WHERE c.run = $run
