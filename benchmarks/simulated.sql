-- The same as a simulation leaves it: thin events, intended actions beside them, and the truth.

INSERT INTO fact.event BY NAME
SELECT $run AS run, event_of(a, m * 10 + k, 0) AS id, time, 1 AS resolution, 'start' AS meaning, 'use' AS kind, agent(a) AS principal,
       credential, task, action, atom, resource, CASE WHEN waited THEN action << 6 END AS approval, requested, duration, decision,
       CASE decision WHEN 'deny' THEN 'out_of_scope' END AS reason, draw
FROM calls;

INSERT INTO fact.task BY NAME
SELECT $workload AS workload, task AS id, coalesce(parent, task) AS root, parent, agent(a) AS agent, 'intent/' || m % 5 AS intent,
       CASE WHEN parent IS NULL THEN starts END AS arrival, CASE WHEN parent IS NOT NULL THEN 4 END AS spawned_after, false AS detached
FROM tasks;

INSERT INTO fact.action BY NAME
SELECT $workload AS workload, action AS id, task, 'tool/' || atom AS tool, atom, resource, 120000000 - duration AS think, duration,
       action % 1000003 AS args, CASE WHEN k = 4 THEN 'discovered' ELSE 'planned' END AS reason
FROM calls;

INSERT INTO fact.credential BY NAME
SELECT $run AS run, credential AS id, kind, service(0) AS issuer, agent(a) AS holder, scope AS scope_set, resolved, binding, true AS enforced,
       starts AS from_lo, starts AS from_hi, ends AS to_lo, ends AS to_hi, 'simulated' AS basis
FROM granted;

INSERT INTO fact.acceptance BY NAME
SELECT $run AS run, credential, verifier, time AS until_lo, time AS until_hi, 'deleted' AS reason FROM revoked;

INSERT INTO fact.task_outcome BY NAME
SELECT $run AS run, task, agent(a) AS agent, parent, starts AS started, ends AS ended, outcome FROM tasks;

INSERT INTO fact.need BY NAME
SELECT $run AS run, action, task, agent(a) AS principal, atom, requested, time AS starts, time + to_microseconds(duration) AS ends,
       decision = 'allow' AS met
FROM calls;

INSERT INTO fact.approval BY NAME
SELECT $run AS run, action << 6 AS id, human(a) AS decider, 'human' AS kind, action, requested, time - to_microseconds(40000000) AS began, time AS decided,
       'allow' AS result, true AS inspected, action % 1000003 AS args, 'platform' AS summary_author, 'desk' AS asked
FROM calls WHERE waited;

INSERT INTO fact.approval_cover BY NAME SELECT $run AS run, action << 6 AS approval, action FROM calls WHERE waited;

INSERT INTO fact.demand BY NAME SELECT $run AS run, task, 'desk' AS asked, 1 AS approvals FROM tasks WHERE waits;

INSERT INTO fact.reach BY NAME
SELECT $run AS run, agent(a) AS principal, 'owner' AS asked, begins() AS valid_from, ends() AS valid_to FROM range(getvariable('agents')) r(a);

INSERT INTO fact.place BY NAME
SELECT $workload AS workload, a AS id, 'process' AS kind, 'process of agent ' || a AS name, agent(a) AS principal FROM range(getvariable('agents')) r(a);

INSERT INTO fact.incident BY NAME
SELECT $run AS run, n AS id, 't1b' AS threat, 'AML.T0055' AS technique, n AS place, agent(n) AS agent, begins() + INTERVAL 1 DAY * (4 + n % 20) AS time,
       begins() + INTERVAL 1 DAY * (5 + n % 20) AS detected, begins() + INTERVAL 1 DAY * (5 + n % 20) AS contained, 1 AS credentials
FROM range(least(100, getvariable('agents'))) r(n);

INSERT INTO fact.leak BY NAME
SELECT $run AS run, action, credential, 0 AS place, verifier_of(atom) AS verifier, time, time + INTERVAL 1 DAY AS found
FROM calls WHERE draw < 65;

UPDATE fact.catalogue SET platform = 'any' WHERE workload = $workload;
INSERT INTO fact.platform BY NAME
SELECT $run AS run, 'any' AS name, 'Any' AS title, 1 AS shortest, 'infinity'::DOUBLE AS longest, 'infinity'::DOUBLE AS longest_cut,
       'assumed: no bounds' AS lifetime_source, 'assumed: no bound' AS per_second_source;
