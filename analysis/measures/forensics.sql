-- title: Forensics
-- question: Of what agents changed, how much can be told afterwards: who did it, on whose behalf, for what task, with which tool, to what, under which approval?
-- unit: bits | ambiguity_bits; percent of changes | *
-- grain: run, stat
-- unfinished: changes in the window count, whether or not their task has ended
-- assumes: a change is an allowed use of a write or permissions atom. Told is what one value says that is there and discriminates: a field that is the same in every use, though there are several to tell apart, or that only repeats another field, tells nothing. who: a principal that is no shared account, by the credential that it presented, for without one it is only its word; behalf: and somebody answers for it then; task; intent: declared, and not the tool's name; tool: and its arguments; touch: atom and resource; approval: who said yes, of those that a yes was asked for or rests on. identifiable: one agent and one task are consistent with what is shown; ambiguity_bits: the mean logarithm of how many are; a use without task is outside any where uses name theirs, and else of any task of its agent that is open then: that it may be of no task is not counted. Which resource an attacker touched, with what and with which arguments is not simulated: his changes lack tool and touch. On the truth nothing else is hidden; a log tells that much at least, and how much an inventory that it does not show would add is open; in a replay of a real log nobody knows on whose behalf anything was done, or with what intent
-- source: field vector and identifiability of forensic attribution; a constant field adds no information (Shannon 1948)
-- Calls are too many to keep: to read them again takes less.
WITH call AS NOT MATERIALIZED (
    SELECT e.run, e.id, e.time, e.principal, e.task, e.action, e.intent, e.operation, e.args, e.atom, e.resource, e.approval, e.credential, e.session
    FROM event e JOIN run r USING (run)
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.time >= r.t0 AND e.time < r.t1
), change AS NOT MATERIALIZED (
    SELECT c.*, coalesce(p.kind NOT IN ('shared_account', 'role', 'group'), false) AS single, c.credential IS NOT NULL AS shown
    FROM call c
    JOIN catalogue k ON k.run = c.run AND k.atom = c.atom AND k.level IN ('write', 'permissions')
    LEFT JOIN principal p ON p.run = c.run AND p.id = c.principal
), agents AS (
    SELECT run, count(*) AS number FROM principal WHERE kind = 'agent' GROUP BY run
), telling AS (
    SELECT c.run,
           several(c.principal) OR coalesce(any_value(a.number) = 1, false) AS who,
           (several(c.task) OR count(*) = 1)
           AND NOT coalesce(bool_and(c.task = c.credential), false) AND NOT coalesce(bool_and(c.task = c.session), false) AS task,
           several(c.intent) OR coalesce(min(c.task) = max(c.task), false) AS intent,
           several(c.operation) OR NOT several(c.atom) AS tool,
           several(c.resource) OR count(*) = 1 AS touch
    FROM call c LEFT JOIN agents a USING (run)
    GROUP BY c.run
), asked AS (
    SELECT DISTINCT run, action FROM bare_event WHERE kind = 'request_approval' AND action IS NOT NULL
), agreed AS (
    SELECT DISTINCT run, approval FROM bare_event
    WHERE kind = 'decide_approval' AND decision = 'allow' AND principal IS NOT NULL AND approval IS NOT NULL
), open AS (
    -- Tasks of whoever acts that are open then.
    SELECT c.run, c.id, count(*) AS tasks
    FROM change c JOIN task t ON t.run = c.run AND t.agent = c.principal AND t.started <= c.time AND coalesce(t.ended >= c.time, true)
    WHERE c.task IS NULL
    GROUP BY c.run, c.id
), answering AS (
    -- When somebody answers, without overlaps, so that a call falls into one such time at most.
    SELECT run, principal, ends,
           greatest(starts, max(ends) OVER (PARTITION BY run, principal ORDER BY starts, ends
                                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS starts
    FROM answered WHERE role = 'owner' AND starts < ends
), told AS (
    SELECT c.run, c.single AND c.shown AND t.who AS who,
           c.single AND c.shown AND t.who AND w.run IS NOT NULL AS behalf,
           c.task IS NOT NULL AND t.task AS task,
           c.intent IS NOT NULL AND t.intent AND c.intent IS DISTINCT FROM c.operation AS intent,
           c.operation IS NOT NULL AND c.args IS NOT NULL AND t.tool AS tool,
           c.atom IS NOT NULL AND c.resource IS NOT NULL AND t.touch AS touch,
           CASE WHEN c.approval IS NOT NULL OR q.action IS NOT NULL THEN g.approval IS NOT NULL END AS approval,
           CASE WHEN c.single THEN 1 ELSE a.number END
           * CASE WHEN c.task IS NOT NULL OR r.sees_tasks THEN 1 ELSE o.tasks END AS explanations
    FROM change c
    JOIN run r USING (run)
    JOIN telling t USING (run)
    LEFT JOIN agents a USING (run)
    LEFT JOIN asked q ON q.run = c.run AND q.action = c.action
    LEFT JOIN agreed g ON g.run = c.run AND g.approval = c.approval
    LEFT JOIN open o ON o.run = c.run AND o.id = c.id
    LEFT JOIN answering w ON w.run = c.run AND w.principal = c.principal AND w.starts <= c.time AND w.ends > c.time
), shares AS (
    UNPIVOT (
        SELECT run, avg(who::INTEGER) AS who, avg(behalf::INTEGER) AS behalf, avg(task::INTEGER) AS task, avg(intent::INTEGER) AS intent,
               avg(tool::INTEGER) AS tool, avg(touch::INTEGER) AS touch, avg(approval::INTEGER) AS approval,
               CASE WHEN bool_and(explanations IS NOT NULL) THEN avg((explanations = 1)::INTEGER) END AS identifiable,
               CASE WHEN bool_and(explanations IS NOT NULL) THEN avg(log2(explanations)) END AS ambiguity_bits
        FROM told GROUP BY run
    ) ON COLUMNS (* EXCLUDE run) INTO NAME stat VALUE share
), valued AS (
    SELECT r.run, g.stat,
           CASE g.stat WHEN 'ambiguity_bits' THEN s.share ELSE 100 * s.share END AS value,
           -- Which calls were changes tells only a log that loses none and says what they touched.
           r.sees_every_event AND r.sees_touch
           AND CASE g.stat WHEN 'behalf' THEN r.sees_scope AND NOT is_rebuilt(r.scenario) WHEN 'task' THEN r.sees_tasks WHEN 'intent' THEN r.sees_tasks AND NOT is_rebuilt(r.scenario)
                           WHEN 'tool' THEN r.sees_tool WHEN 'approval' THEN r.sees_cover AND r.sees_approvals
                           WHEN 'who' THEN r.sees_credentials WHEN 'touch' THEN true
                           ELSE r.sees_tasks OR s.share IS NOT NULL END AS seen,
           CASE g.stat WHEN 'behalf' THEN b.exact WHEN 'identifiable' THEN r.sees_tasks
                       WHEN 'ambiguity_bits' THEN r.sees_tasks ELSE true END AS exact
    FROM run r
    CROSS JOIN (SELECT any_value(bound) = 'exact' AS exact FROM bounds) b
    CROSS JOIN (SELECT unnest(['who', 'behalf', 'task', 'intent', 'tool', 'touch', 'approval', 'identifiable', 'ambiguity_bits']) AS stat) g
    LEFT JOIN shares s ON s.run = r.run AND s.stat = g.stat
)
SELECT run, stat, CASE WHEN seen THEN CASE WHEN exact OR stat <> 'ambiguity_bits' THEN value ELSE 0 END END AS lo,
       CASE WHEN seen AND value IS NOT NULL THEN CASE WHEN exact OR stat = 'ambiguity_bits' THEN value WHEN stat = 'identifiable' THEN 100 END END AS hi,
       CASE WHEN seen THEN 0 ELSE 1 END AS unknowns
FROM valued ORDER BY run, stat
