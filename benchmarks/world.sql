-- A fleet at work for thirty days, in closed form: everything follows from the number of an agent, a credential, a task or
-- a call by arithmetic, so that a hundred million calls are written as fast as DuckDB writes, and are the same each time.
--
-- Variables: events (calls), agents, credentials (of each agent). An agent has one credential after the other, each for an
-- equal part of the month and accepted for hours, days or ever after it; a task is ten calls two minutes apart, under the
-- credential of the day. One task in eight hands its second half to a sub-agent, one in twenty waits for an approval
-- before its first call, and one in fifty is refused its last one. Of the four atoms of a scope set one is never needed.

-- An even spread of n over 0 to below - 1. Its order says nothing about n.
CREATE OR REPLACE TEMP MACRO spread(n, salt, below) AS ((n * 2654435761 + salt * 40503) % 4294967291) % below;
CREATE OR REPLACE TEMP MACRO begins() AS TIMESTAMP '2026-01-01';
CREATE OR REPLACE TEMP MACRO ends() AS TIMESTAMP '2026-01-31';
CREATE OR REPLACE TEMP MACRO after_us(us) AS begins() + to_microseconds(us);
CREATE OR REPLACE TEMP MACRO slot_us() AS 30 * 86400000000 // getvariable('credentials');
CREATE OR REPLACE TEMP MACRO agent(a) AS (2::BIGINT << 40) | a;
CREATE OR REPLACE TEMP MACRO human(a) AS a // 50;
CREATE OR REPLACE TEMP MACRO service(n) AS (4::BIGINT << 40) | n;
-- Verifiers of one agent in five ask its assignments; those have the same scope all month.
CREATE OR REPLACE TEMP MACRO scope_of(a, c) AS CASE WHEN a % 5 = 0 THEN a ELSE a + c END % 200;
CREATE OR REPLACE TEMP MACRO atom_of(scope, k) AS ((scope * 7 + k * 53) % 200)::INTEGER;
CREATE OR REPLACE TEMP MACRO verifier_of(atom) AS (atom // 2 % 8)::INTEGER;
CREATE OR REPLACE TEMP MACRO credential_of(a, c) AS (1::BIGINT << 61) | (a << 44) | c;
CREATE OR REPLACE TEMP MACRO event_of(a, count, code) AS (a << 40) | (count << 4) | code;

-- A root task, and the sub-task of one in eight.
CREATE OR REPLACE TEMP VIEW worked AS
SELECT t, a, m, (a << 29) | (m << 9) AS root, started_us, started_us // slot_us() AS c, t % 8 = 0 AS hands_down,
       t % 20 = 0 AS waits, t % 50 = 7 AS refused
FROM (SELECT t, t % getvariable('agents') AS a, t // getvariable('agents') AS m,
             -- Nothing ends after the month.
             t * (29 * 86400000000 // (getvariable('events') // 10)) AS started_us
      FROM range(getvariable('events') // 10) r(t));

CREATE OR REPLACE TEMP VIEW tasks AS
SELECT a, m, 0 AS node, root AS task, NULL::BIGINT AS parent, after_us(started_us) AS starts, after_us(started_us + 1440000000) AS ends,
       CASE WHEN refused THEN 'broken' ELSE 'completed' END AS outcome, waits
FROM worked
UNION ALL
SELECT a, m, 1, root | 1, root, after_us(started_us + 660000000), after_us(started_us + 1380000000), 'completed', false
FROM worked WHERE hands_down;

CREATE OR REPLACE TEMP VIEW calls AS
SELECT a, m, k, task, (task << 11) | k AS action, credential_of(a, c) AS credential, requested, requested + to_microseconds(waited_us) AS time,
       waited_us > 0 AS waited, 1000000 * (1 + spread(i, 1, 60)) AS duration, atom, ((atom // 2)::BIGINT << 32) | ((a + spread(i, 4, 5)) % 50) AS resource,
       CASE WHEN refused THEN 'deny' ELSE 'allow' END AS decision, (i * 7919) % 65536 AS draw
FROM (SELECT i, a, m, k, c, root | CASE WHEN hands_down AND k >= 5 THEN 1 ELSE 0 END AS task, refused AND k = 9 AS refused,
             after_us(started_us + (k + 1) * 120000000) AS requested,
             CASE WHEN waits AND k = 0 THEN 60000000 ELSE 0 END AS waited_us,
             atom_of(scope_of(a, c), CASE WHEN refused AND k = 9 THEN 5 ELSE spread(i, 3, 3) END) AS atom
      FROM (SELECT *, t * 10 + k AS i FROM worked CROSS JOIN (SELECT unnest(range(10)) AS k)));

CREATE OR REPLACE TEMP VIEW granted AS
SELECT a, c, credential_of(a, c) AS credential, scope_of(a, c) AS scope,
       after_us(greatest(0, c * slot_us() - 1000000 * spread(n, 5, 86400))) AS starts,
       CASE WHEN lasts IS NULL THEN 'infinity' ELSE after_us((c + 1) * slot_us()) + lasts END AS ends,
       CASE WHEN lasts IS NULL THEN 'static_key' ELSE 'session_token' END AS kind,
       ['bearer', 'bearer', 'audience', 'key_bound'][spread(n, 7, 4) + 1] AS binding,
       CASE WHEN a % 5 = 0 THEN 'looked_up' ELSE 'baked' END AS resolved,
       lasts IS NOT NULL AND c + 1 < getvariable('credentials') AND spread(n, 8, 4) = 0 AS revoked
FROM (SELECT n, n % getvariable('agents') AS a, n // getvariable('agents') AS c,
             [INTERVAL 4 HOUR, INTERVAL 1 DAY, INTERVAL 7 DAY, INTERVAL 30 DAY, NULL][spread(n, 6, 5) + 1] AS lasts
      FROM range(getvariable('agents') * getvariable('credentials')) r(n));

-- One in four of those that end is revoked before, at each verifier that it is for.
CREATE OR REPLACE TEMP VIEW revoked AS
SELECT DISTINCT a, c, credential, verifier_of(atom_of(scope, k)) AS verifier, after_us((c + 1) * slot_us() + 7200000000) AS time
FROM granted CROSS JOIN (SELECT unnest(range(4)) AS k) WHERE revoked;

INSERT INTO fact.principal BY NAME
SELECT $workload AS workload, agent(a) AS id, 'agent' AS kind, 'agent/' || a AS name, 'fleet/' || a % 20 AS fleet,
       begins() - INTERVAL 200 DAY AS active_from, 'infinity' AS active_to
FROM range(getvariable('agents')) r(a)
UNION ALL
-- One more in a hundred was abandoned, and has left its assignment.
SELECT $workload, agent(getvariable('agents') + a), 'agent', 'abandoned/' || a, 'fleet/' || a % 20, begins() - INTERVAL 300 DAY, begins() - INTERVAL 50 DAY
FROM range(getvariable('agents') // 100) r(a)
UNION ALL
SELECT $workload, h, 'human', 'human/' || h, NULL, begins() - INTERVAL 900 DAY, 'infinity' FROM range(getvariable('agents') // 50 + 1) r(h)
UNION ALL
SELECT $workload, service(n), 'service', 'service/' || n, NULL, begins() - INTERVAL 900 DAY, 'infinity' FROM range(2) r(n);

INSERT INTO fact.ownership BY NAME
SELECT $workload AS workload, agent(a) AS owned, human(a) AS owner, 'owner' AS role, begins() - INTERVAL 200 DAY AS valid_from,
       CASE WHEN a % 20 = 0 THEN begins() + INTERVAL 15 DAY ELSE 'infinity' END AS valid_to, true AS acknowledged
FROM range(getvariable('agents')) r(a);

INSERT INTO fact.resource BY NAME
SELECT $workload AS workload, (g << 32) | n AS id, 'group/' || g || '/' || n AS name, 'group/' || g AS resource_group, 'system/' || g % 8 AS system
FROM range(100) r(g) CROSS JOIN range(50) s(n);

INSERT INTO fact.catalogue BY NAME
SELECT $workload AS workload, atom, CASE atom % 2 WHEN 0 THEN 'read' ELSE 'write' END AS level, 'group/' || atom // 2 AS resource_group,
       'system/' || atom // 2 % 8 AS system, verifier_of(atom) AS verifier, 'system/' || atom // 2 % 8 AS verifier_name,
       1 + atom // 2 % 3 AS tier, atom % 4 < 3 AS reversible, 50 AS resources
FROM range(200) r(atom);

INSERT INTO fact.weight BY NAME
SELECT $workload AS workload, atom, sensitivity, privilege, sensitivity * privilege AS weight
FROM (SELECT atom, 1000 * (1 + atom // 2 % 3) AS sensitivity, CASE atom % 2 WHEN 0 THEN 400 ELSE 700 END AS privilege FROM range(200) r(atom));

INSERT INTO fact.scope_set BY NAME SELECT $run AS run, s AS id, 'granted' AS basis, 4 AS atoms FROM range(200) r(s);

INSERT INTO fact.scope_set_atom BY NAME
SELECT $run AS run, s AS scope_set, atom_of(s, k) AS atom, 'allow' AS effect, false AS conditional FROM range(200) r(s) CROSS JOIN range(4) q(k);

INSERT INTO fact.assignment BY NAME
SELECT $run AS run, agent(a) AS principal, a % 200 AS scope_set, 'active' AS state, begins() - INTERVAL 100 DAY AS valid_from, 'infinity' AS valid_to
FROM range(getvariable('agents') + getvariable('agents') // 100) r(a);

INSERT INTO fact.trust BY NAME
SELECT $run AS run, agent(a) AS principal, service(0) AS issuer, a % 200 AS scope_set, 'rule' AS gate, 1000 AS permit_under_attack, 40 AS tries,
       1000 AS permit_in_tries, CASE a % 2 WHEN 0 THEN 'static_secret' ELSE 'attested' END AS bootstrap, begins() AS valid_from, 'infinity' AS valid_to
FROM range(getvariable('agents')) r(a);

INSERT INTO fact.shadow BY NAME SELECT $run AS run, agent(a) AS principal FROM range(getvariable('agents')) r(a) WHERE a % 50 = 1;

-- Everything but the calls themselves.
INSERT INTO fact.event BY NAME
SELECT $run AS run, event_of(a, c, 1) AS id, starts AS time, 1 AS resolution, 'start' AS meaning, 'issue' AS kind, service(0) AS principal,
       agent(a) AS target, credential AS issued, scope AS scope_set, kind AS credential_kind, resolved, binding, true AS enforced, ends AS expires, c % 65536 AS draw
FROM granted;

INSERT INTO fact.event BY NAME
SELECT $run AS run, event_of(a, c * 8 + verifier, 2) AS id, time, 1 AS resolution, 'start' AS meaning, 'revoke' AS kind, service(0) AS principal,
       agent(a) AS target, credential AS issued, verifier, 'deleted' AS reason, c % 65536 AS draw
FROM revoked;

INSERT INTO fact.event BY NAME
SELECT $run AS run, event_of(a, 0, 3) AS id, begins() - INTERVAL 1 DAY * (1 + spread(a, 9, 150)) AS time, 1 AS resolution, 'start' AS meaning,
       'review' AS kind, human(a) AS principal, agent(a) AS target, 'allow' AS decision, a % 65536 AS draw
FROM range(getvariable('agents')) r(a);

INSERT INTO fact.event BY NAME
SELECT $run AS run, event_of(a, m * 2 + node, code) AS id, CASE kind WHEN 'task_end' THEN ends ELSE starts END AS time, 1 AS resolution,
       'start' AS meaning, kind, CASE kind WHEN 'decide' THEN service(1) ELSE agent(a) END AS principal,
       CASE kind WHEN 'decide' THEN agent(a) END AS target, task, CASE WHEN kind IN ('task_start', 'spawn') THEN parent END AS parent_task,
       CASE kind WHEN 'decide' THEN 300 END AS duration, CASE WHEN kind IN ('decide', 'spawn') THEN 'allow' END AS decision,
       CASE kind WHEN 'decide' THEN 'policy' WHEN 'task_end' THEN outcome END AS reason, CASE kind WHEN 'decide' THEN false END AS cached,
       m % 65536 AS draw
FROM tasks CROSS JOIN (VALUES ('task_start', 4), ('task_end', 5), ('decide', 6), ('spawn', 7)) k(kind, code)
WHERE kind <> 'spawn' OR parent IS NOT NULL;

INSERT INTO fact.event BY NAME
SELECT $run AS run, event_of(a, m, code) AS id, CASE kind WHEN 'request_approval' THEN requested ELSE time END AS time, 1 AS resolution,
       'start' AS meaning, kind, CASE kind WHEN 'request_approval' THEN agent(a) ELSE human(a) END AS principal,
       CASE kind WHEN 'decide_approval' THEN agent(a) END AS target, task, action, atom, resource,
       CASE kind WHEN 'decide_approval' THEN action << 6 END AS approval,
       CASE kind WHEN 'decide_approval' THEN 40000000 END AS duration, CASE kind WHEN 'decide_approval' THEN 'allow' END AS decision,
       CASE kind WHEN 'decide_approval' THEN 'approver' END AS reason, 'desk' AS asked, m % 65536 AS draw
FROM calls CROSS JOIN (VALUES ('request_approval', 8), ('decide_approval', 9)) k(kind, code)
WHERE waited;
