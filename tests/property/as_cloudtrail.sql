-- What a trail can know of a simulated run without keys, put into its facts: calls and issues since it began, each when it was over,
-- in whole seconds; the groups that were touched, to read or to write, of which AWS's own is the only crown jewel.

DELETE FROM fact.event WHERE verifier IS NOT NULL OR kind NOT IN ('use', 'issue') OR time < (SELECT begins FROM fact.run);

UPDATE fact.event e SET operation = a.tool, args = a.args
FROM fact.action a WHERE a.id = e.action AND e.kind = 'use';

CREATE TEMP TABLE told_by_trail AS
SELECT k.atom, min(k.atom) OVER (PARTITION BY k.resource_group, k.level IN ('list', 'read')) AS told
FROM fact.catalogue k SEMI JOIN (FROM fact.event WHERE kind = 'use') e USING (atom);
UPDATE fact.event e SET atom = t.told FROM told_by_trail t WHERE e.kind = 'use' AND t.atom = e.atom;
DELETE FROM fact.catalogue WHERE atom NOT IN (SELECT told FROM told_by_trail);
DELETE FROM fact.weight;
UPDATE fact.catalogue k SET tier = 1, level = CASE WHEN k.level IN ('list', 'read') THEN 'read' ELSE 'write' END, system = 'aws', verifier = 0,
       verifier_name = 'aws', platform = 'aws_sts', reversible = NULL, resources = greatest(1, n.named)
FROM (SELECT k.resource_group, count(DISTINCT e.resource) AS named FROM fact.event e JOIN fact.catalogue k USING (atom) GROUP BY ALL) n
WHERE n.resource_group = k.resource_group;
-- Who assumes a role is handed a secret, and changes nothing.
INSERT INTO fact.catalogue BY NAME
SELECT w.key AS workload, 1000 AS atom, 'read' AS level, 'sts' AS resource_group, 'aws' AS system, 0 AS verifier, 'aws' AS verifier_name, 'aws_sts' AS platform, 3 AS tier, 1 AS resources
FROM fact.workload w;
INSERT INTO fact.weight BY NAME
SELECT workload, atom, CASE tier WHEN 3 THEN 10000 ELSE 1000 END AS sensitivity, CASE level WHEN 'read' THEN 400 ELSE 800 END AS privilege,
       sensitivity * privilege AS weight
FROM fact.catalogue;

-- A session is as old as its issue, in whole seconds, and AWS lets none live longer than twelve hours.
CREATE TEMP TABLE given AS SELECT issued AS id, min(date_trunc('second', time)) AS since FROM fact.event WHERE kind = 'issue' GROUP BY issued;
UPDATE fact.event e SET presented_kind = 'session_token', resolved = 'both', presented_from = g.since, presented_to = g.since + INTERVAL 12 HOURS
FROM given g WHERE e.kind = 'use' AND g.id = e.credential;
UPDATE fact.event SET kind = 'assume', atom = 1000, credential_kind = 'session_token', decision = 'allow', resolved = 'both', binding = NULL, enforced = NULL,
       expires = date_trunc('second', expires)
WHERE kind = 'issue';
UPDATE fact.event SET time = date_trunc('second', time + to_microseconds(coalesce(duration, 0))), meaning = 'completion', resolution = 1000000,
       duration = NULL, requested = NULL;
UPDATE fact.principal SET kind = 'agent_instance' WHERE kind = 'agent';
UPDATE fact.run SET begins = w.first, t0 = w.first, t1 = w.last + INTERVAL 1 SECOND
FROM (SELECT min(time) AS first, max(time) AS last FROM fact.event) w;
UPDATE fact.workload SET actions = 0;
