-- The calls as a log tells them: each with all that it touched. There is no truth beside it.

INSERT INTO fact.event BY NAME
SELECT $run AS run, event_of(a, m * 10 + k, 0) AS id, time, 1 AS resolution, 'start' AS meaning, 'use' AS kind, agent(a) AS principal,
       credential, task, action, 'tool/' || atom AS operation, atom, resource, CASE WHEN waited THEN action << 6 END AS approval, requested,
       duration, action % 1000003 AS args, decision, CASE decision WHEN 'deny' THEN 'out_of_scope' END AS reason, draw
FROM calls;
