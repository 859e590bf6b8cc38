-- title: Forensics
-- question: Of what agents changed, how much can be told afterwards: who did it, on whose behalf, for what task, with which tool, to what, under which approval?
-- unit: bits | ambiguity_bits; changes | changes; percent of changes | *
-- grain: run, stat
-- unfinished: changes in the window count, whether or not their task has ended
-- assumes: a change is an allowed use of a write or permissions atom, and changes is how many there are, of which all else is a share (approval of those alone for which a yes was asked or that rest on one); one of which nobody knows whether it was let in may be one or not, so that a share lies between what is told of all others with those of these that lower it, and with those that raise it; of ambiguity_bits any one of these may be all there is. Told is what one value says that is there and discriminates: a field that is the same in every use, though there are several to tell apart, or that only repeats another field, tells nothing; that may hang on calls of which nobody knows whether they were let in, reads too: what they may add or take away is in the interval, each condition by itself. who: a principal that is no shared account, by the credential that it presented, for without one it is only its word; behalf: and somebody answers for it then; task; intent: declared, and not the tool's name; tool: and its arguments; touch: atom and resource; approval: who said yes, of those that a yes was asked for or rests on. identifiable: one agent and one task are consistent with what is shown; ambiguity_bits: the mean logarithm of how many are; a use without task is outside any where uses name theirs, and else of any task of its agent that is open then: that it may be of no task is not counted. Which resource an attacker touched, with what and with which arguments is not simulated: his changes lack tool and touch. On the truth nothing else is hidden; a log tells that much at least, and how much an inventory that it does not show would add is open; in a replay of a real log nobody knows on whose behalf anything was done, or with what intent
-- source: field vector and identifiability of forensic attribution; a constant field adds no information (Shannon 1948)
-- Calls are too many to keep: to read them again takes less.
WITH call AS NOT MATERIALIZED (
    SELECT e.run, e.id, e.time, e.principal, e.task, e.action, e.intent, e.operation, e.args, e.atom, e.resource, e.approval, e.credential, e.session,
           e.decision IS NULL AS doubtful
    FROM event e JOIN run r USING (run)
    WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.time >= r.t0 AND e.time < r.t1
), change AS NOT MATERIALIZED (
    SELECT c.*, coalesce(p.kind NOT IN ('shared_account', 'role', 'group'), false) AS single, c.credential IS NOT NULL AS shown
    FROM call c
    JOIN catalogue k ON k.run = c.run AND k.atom = c.atom AND k.level IN ('write', 'permissions')
    LEFT JOIN principal p ON p.run = c.run AND p.id = c.principal
), agents AS (
    SELECT run, count(*) AS number FROM principal WHERE kind = 'agent' GROUP BY run
), among AS (
    -- What is there to tell apart among the calls that were let in for certain, and (`most`) with all others that may have been.
    SELECT c.run, b.most, count(*) AS calls, several(c.principal) AS principals, several(c.task) AS tasks, several(c.intent) AS intents,
           several(c.operation) AS operations, several(c.atom) AS atoms, several(c.resource) AS resources, count(c.task) > 0 AS any_task,
           coalesce(bool_or(c.task = c.credential), false) AS repeats_key, coalesce(bool_or(c.task <> c.credential), false) AS differs_from_key,
           coalesce(bool_or(c.task = c.session), false) AS repeats_login, coalesce(bool_or(c.task <> c.session), false) AS differs_from_login
    FROM call c JOIN (SELECT unnest([false, true]) AS most) b ON b.most OR NOT c.doubtful
    GROUP BY c.run, b.most
), telling AS (
    -- Whether a field tells anything, surely and possibly: more calls make more values, and leave it less the only one or a copy.
    SELECT run, unnest(['who', 'behalf', 'task', 'intent', 'tool', 'touch']) AS stat, m.calls - l.calls AS doubts,
           unnest([l.principals OR alone, l.principals OR alone,
                   (l.tasks OR m.calls = 1) AND NOT (m.repeats_key AND NOT l.differs_from_key) AND NOT (m.repeats_login AND NOT l.differs_from_login),
                   l.intents OR (l.any_task AND NOT m.tasks), l.operations OR NOT m.atoms, l.resources OR m.calls = 1]) AS surely,
           unnest([m.principals OR alone, m.principals OR alone,
                   (m.tasks OR l.calls = 1) AND NOT (l.repeats_key AND NOT m.differs_from_key) AND NOT (l.repeats_login AND NOT m.differs_from_login),
                   m.intents OR (m.any_task AND NOT l.tasks), m.operations OR NOT l.atoms, m.resources OR l.calls = 1]) AS possibly
    FROM (FROM among WHERE NOT most) l
    JOIN (FROM among WHERE most) m USING (run)
    JOIN (SELECT r.run, coalesce(a.number = 1, false) AS alone FROM run r LEFT JOIN agents a USING (run)) USING (run)
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
    SELECT c.run, c.doubtful, c.single AND c.shown AS who,
           c.single AND c.shown AND w.run IS NOT NULL AS behalf,
           c.task IS NOT NULL AS task,
           c.intent IS NOT NULL AND c.intent IS DISTINCT FROM c.operation AS intent,
           c.operation IS NOT NULL AND c.args IS NOT NULL AS tool,
           c.atom IS NOT NULL AND c.resource IS NOT NULL AS touch,
           CASE WHEN c.approval IS NOT NULL OR q.action IS NOT NULL THEN g.approval IS NOT NULL END AS approval,
           CASE WHEN c.single THEN 1 ELSE a.number END
           * CASE WHEN c.task IS NOT NULL OR r.sees_tasks THEN 1 ELSE o.tasks END AS explanations
    FROM change c
    JOIN run r USING (run)
    LEFT JOIN agents a USING (run)
    LEFT JOIN asked q ON q.run = c.run AND q.action = c.action
    LEFT JOIN agreed g ON g.run = c.run AND g.approval = c.approval
    LEFT JOIN open o ON o.run = c.run AND o.id = c.id
    LEFT JOIN answering w ON w.run = c.run AND w.principal = c.principal AND w.starts <= c.time AND w.ends > c.time
), bits AS (
    SELECT run, count(*) FILTER (NOT doubtful) AS sure, count(*) FILTER (doubtful) AS doubts, bool_and(explanations IS NOT NULL) AS explained,
           least(avg(log2(explanations)) FILTER (NOT doubtful), min(log2(explanations)) FILTER (doubtful)) AS least,
           greatest(avg(log2(explanations)) FILTER (NOT doubtful), max(log2(explanations)) FILTER (doubtful)) AS most
    FROM told GROUP BY run
), shares AS (
    -- With all doubtful ones of which it is not there, and with all of which it is.
    SELECT run, stat, 100 * avg(told::INTEGER) FILTER (NOT doubtful OR NOT told) AS least, 100 * avg(told::INTEGER) FILTER (NOT doubtful OR told) AS most,
           count(told) FILTER (NOT doubtful) AS sure
    FROM (UNPIVOT (SELECT * EXCLUDE (explanations), explanations = 1 AS identifiable FROM told)
          ON who, behalf, task, intent, tool, touch, approval, identifiable INTO NAME stat VALUE told)
    GROUP BY run, stat
    HAVING stat <> 'identifiable' OR run IN (SELECT run FROM bits WHERE explained)
    UNION ALL
    SELECT run, 'ambiguity_bits', least, most, sure FROM bits WHERE explained
    UNION ALL
    SELECT run, 'changes', sure, sure + doubts, sure FROM bits
), valued AS (
    SELECT r.run, g.stat, CASE WHEN t.surely IS DISTINCT FROM t.possibly THEN t.doubts ELSE coalesce(d.doubts, 0) END AS doubts,
           -- Of none that is sure nothing is known; and there are none where no call is one.
           CASE WHEN g.stat = 'changes' THEN coalesce(s.least, 0) WHEN s.sure > 0 THEN CASE WHEN t.surely IS FALSE THEN 0 ELSE s.least END END AS least,
           CASE WHEN g.stat = 'changes' THEN coalesce(s.most, 0) WHEN s.sure > 0 THEN CASE WHEN t.possibly IS FALSE THEN 0 ELSE s.most END END AS most,
           -- Which calls were changes tells only a log that loses none and says what they touched.
           r.sees_every_event AND r.sees_touch
           AND CASE g.stat WHEN 'behalf' THEN r.sees_scope AND NOT is_rebuilt(r.scenario) WHEN 'task' THEN r.sees_tasks WHEN 'intent' THEN r.sees_tasks AND NOT is_rebuilt(r.scenario)
                           WHEN 'tool' THEN r.sees_tool WHEN 'approval' THEN r.sees_cover AND r.sees_approvals
                           WHEN 'who' THEN r.sees_credentials WHEN 'touch' THEN true WHEN 'changes' THEN true
                           ELSE r.sees_tasks OR s.least IS NOT NULL END AS seen,
           CASE g.stat WHEN 'behalf' THEN b.exact WHEN 'identifiable' THEN r.sees_tasks
                       WHEN 'ambiguity_bits' THEN r.sees_tasks ELSE true END AS exact
    FROM run r
    CROSS JOIN (SELECT any_value(bound) = 'exact' AS exact FROM bounds) b
    CROSS JOIN (SELECT unnest(['changes', 'who', 'behalf', 'task', 'intent', 'tool', 'touch', 'approval', 'identifiable', 'ambiguity_bits']) AS stat) g
    LEFT JOIN shares s ON s.run = r.run AND s.stat = g.stat
    LEFT JOIN bits d ON d.run = r.run
    LEFT JOIN telling t ON t.run = r.run AND t.stat = g.stat
)
SELECT run, stat, CASE WHEN seen THEN CASE WHEN exact OR stat <> 'ambiguity_bits' THEN least ELSE 0 END END AS lo,
       CASE WHEN seen AND most IS NOT NULL THEN CASE WHEN exact OR stat = 'ambiguity_bits' THEN most WHEN stat = 'identifiable' THEN 100 END END AS hi,
       CASE WHEN seen THEN doubts ELSE 1 END AS unknowns
FROM valued ORDER BY run, stat
