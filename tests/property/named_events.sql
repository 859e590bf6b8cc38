-- Each event of a run's log by its own name, and what its fields say in the names of the log, as text.
WITH name_of AS (
    SELECT entity, id, name FROM fact.natural_key WHERE run = $run
)
SELECT coalesce((FROM name_of SELECT name WHERE entity = 'event' AND id = e.id), e.id::VARCHAR) AS name,
       e.* EXCLUDE (run, id) REPLACE (
           (FROM fact.principal p SELECT p.name WHERE p.workload = r.workload AND p.id = e.principal) AS principal,
           (FROM fact.principal p SELECT p.name WHERE p.workload = r.workload AND p.id = e.target) AS target,
           coalesce((FROM name_of SELECT name WHERE entity = 'credential' AND id = e.credential), e.credential::VARCHAR) AS credential,
           coalesce((FROM name_of SELECT name WHERE entity = 'credential' AND id = e.issued), e.issued::VARCHAR) AS issued,
           coalesce((FROM name_of SELECT name WHERE entity = 'session' AND id = e.session), e.session::VARCHAR) AS session,
           coalesce((FROM name_of SELECT name WHERE entity = 'task' AND id = e.task), e.task::VARCHAR) AS task,
           coalesce((FROM name_of SELECT name WHERE entity = 'task' AND id = e.parent_task), e.parent_task::VARCHAR) AS parent_task,
           coalesce((FROM name_of SELECT name WHERE entity = 'action' AND id = e.action), e.action::VARCHAR) AS action,
           coalesce((FROM name_of SELECT name WHERE entity = 'approval' AND id = e.approval), e.approval::VARCHAR) AS approval,
           (FROM fact.resource x SELECT x.name WHERE x.workload = r.workload AND x.id = e.resource) AS resource,
           (FROM fact.catalogue k SELECT k.level || ' ' || k.resource_group WHERE k.workload = r.workload AND k.atom = e.atom) AS atom,
           nullif(e.clock_error, 0) AS clock_error
       )
FROM log.event e JOIN fact.run r ON r.key = e.run
WHERE e.run = $run
