-- What the log of a run ($run) tells of each change that was made in its window, beside what was true. Two readers: one
-- who takes what the fields say, and one who has only times and goes by what came last before.
--
-- This names both evidences, which no measure may: see attribution.py for why.
WITH run AS (
    SELECT * FROM log.run WHERE run = $run
), held_by AS (
    -- Who answers for an agent, told by each evidence.
    SELECT true AS truly, owned, owner, valid_from, valid_to FROM truth.ownership WHERE run = $run AND role = 'owner'
    UNION ALL
    SELECT false, owned, owner, valid_from, valid_to FROM log.ownership WHERE run = $run AND role = 'owner'
), change AS (
    SELECT e.id, e.time, e.principal, e.task, t.parent, e.action, e.approval, e.operation, e.args, e.atom, e.resource,
           x.event IS NOT NULL AS by_attacker
    FROM truth.event e
    JOIN run r USING (run)
    JOIN truth.catalogue k ON k.run = e.run AND k.atom = e.atom AND k.level IN ('write', 'permissions')
    LEFT JOIN truth.task t ON t.run = e.run AND t.id = e.task
    LEFT JOIN truth.true_actor x ON x.run = e.run AND x.event = e.id
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.time >= r.t0 AND e.time < r.t1
), logged AS (
    FROM log.event WHERE run = $run
), start AS (
    SELECT task, principal, parent_task, time FROM logged WHERE kind = 'task_start' AND task IS NOT NULL
), ended AS (
    SELECT task, max(time) AS time FROM logged WHERE kind = 'task_end' GROUP BY task
), yes AS (
    SELECT id, target, action, approval, time FROM logged WHERE kind = 'decide_approval' AND decision = 'allow'
), given AS (
    SELECT approval, any_value(id) AS id FROM truth.event
    WHERE run = $run AND kind = 'decide_approval' AND approval IS NOT NULL GROUP BY approval
), candidate AS (
    -- Tasks of whoever is seen to act that are open then, for a call that names none where calls do not.
    SELECT l.id, count(*) AS tasks, any_value(s.task) AS task
    FROM logged l
    CROSS JOIN run r
    JOIN start s ON s.principal = l.principal AND s.time <= l.time
    LEFT JOIN ended e ON e.task = s.task
    WHERE l.kind = 'use' AND l.task IS NULL AND NOT r.sees_tasks AND coalesce(e.time >= l.time, true)
    GROUP BY l.id
), by_fields AS (
    SELECT l.id, 'fields' AS reader, l.principal, l.operation, l.args, l.atom, l.resource,
           coalesce(l.task, CASE WHEN o.tasks = 1 THEN o.task END) AS task, s.parent_task AS parent,
           -- The approval that it names, or else the last yes to the same call.
           coalesce(n.id, a.id) AS yes, false AS backward, r.sees_tasks AND l.task IS NULL AS no_task
    FROM logged l
    CROSS JOIN run r
    LEFT JOIN candidate o ON o.id = l.id
    LEFT JOIN start s ON s.task = coalesce(l.task, CASE WHEN o.tasks = 1 THEN o.task END)
    LEFT JOIN yes n ON n.approval = l.approval
    LEFT JOIN (SELECT action, arg_max(id, time) AS id FROM yes WHERE action IS NOT NULL GROUP BY action) a
        ON a.action = l.action AND l.approval IS NULL AND NOT r.sees_cover
    WHERE l.kind = 'use'
), alone AS (
    SELECT principal, time, max(task) AS task FROM start GROUP BY principal, time
), last_start AS (
    SELECT l.id, s.task, s.time
    FROM (FROM logged WHERE kind = 'use') l ASOF JOIN alone s ON s.principal = l.principal AND s.time <= l.time
), nearest AS (
    -- A yes to the same agent within the hour, before or after: whatever came first is taken for the cause.
    SELECT l.id, arg_min(y.id, abs(epoch_us(y.time) - epoch_us(l.time))) AS yes,
           arg_min(y.time > l.time, abs(epoch_us(y.time) - epoch_us(l.time))) AS backward
    FROM logged l JOIN yes y ON y.target = l.principal AND abs(epoch_us(y.time) - epoch_us(l.time)) < 3.6e9
    WHERE l.kind = 'use'
    GROUP BY l.id
), by_time AS (
    SELECT l.id, 'times' AS reader, l.principal, l.operation, l.args, l.atom, l.resource, s.task, p.task AS parent,
           n.yes, coalesce(n.backward, false) AS backward, false AS no_task
    FROM (FROM logged WHERE kind = 'use') l
    LEFT JOIN last_start s ON s.id = l.id
    -- What began before it, of the same agent, is taken for what it came from.
    ASOF LEFT JOIN alone p ON p.principal = l.principal AND p.time < s.time
    LEFT JOIN nearest n ON n.id = l.id
), told AS (
    SELECT l.* FROM (FROM by_fields UNION ALL BY NAME FROM by_time) l SEMI JOIN change c ON c.id = l.id
), edge AS (
    -- What led to what, each once, however many changes hang on it: a task to a call, a task to one that it called up, a yes to a call.
    SELECT 'call' AS kind, task AS one, id AS other FROM change WHERE task IS NOT NULL
    UNION ALL
    SELECT DISTINCT 'parent', parent, task FROM change WHERE parent IS NOT NULL
    UNION ALL
    SELECT 'yes', g.id, c.id FROM change c JOIN given g ON g.approval = c.approval
), claimed AS (
    SELECT reader, 'call' AS kind, task AS one, id AS other, false AS backward FROM told WHERE task IS NOT NULL
    UNION ALL
    SELECT DISTINCT reader, 'parent', parent, task, false FROM told WHERE parent IS NOT NULL
    UNION ALL
    SELECT reader, 'yes', yes, id, backward FROM told WHERE yes IS NOT NULL
), rebuilt AS (
    SELECT c.reader, count(*) AS claims, count(e.one) AS found, count(e.one) FILTER (NOT c.backward) AS hits
    FROM claimed c LEFT JOIN edge e ON e.kind = c.kind AND e.one = c.one AND e.other = c.other
    GROUP BY c.reader
), answered AS (
    SELECT c.id, w.reader, g.id IS NOT NULL AS needs_yes, c.operation IS NOT NULL AS has_tool,
           h.owners IS NOT NULL AND NOT c.by_attacker AS has_owner,
           coalesce(l.principal = c.principal AND NOT c.by_attacker, false) AS who,
           coalesce(l.principal = c.principal AND NOT c.by_attacker AND o.owners = h.owners, false) AS behalf,
           coalesce(CASE WHEN c.task IS NULL THEN l.no_task ELSE l.task = c.task END, false) AS task,
           coalesce(l.operation = c.operation AND l.args = c.args, false) AS tool,
           coalesce(l.atom = c.atom AND l.resource IS NOT DISTINCT FROM c.resource, false) AS touch,
           coalesce(l.yes = g.id, false) AS approval
    FROM change c
    CROSS JOIN (SELECT unnest(['fields', 'times']) AS reader) w
    LEFT JOIN told l ON l.id = c.id AND l.reader = w.reader
    LEFT JOIN given g ON g.approval = c.approval
    LEFT JOIN (SELECT c.id, list(DISTINCT owner ORDER BY owner) AS owners FROM change c JOIN held_by b
               ON b.truly AND b.owned = c.principal AND b.valid_from <= c.time AND b.valid_to > c.time GROUP BY c.id) h ON h.id = c.id
    LEFT JOIN (SELECT l.id, list(DISTINCT owner ORDER BY owner) AS owners FROM logged l JOIN held_by b
               ON NOT b.truly AND b.owned = l.principal AND b.valid_from <= l.time AND b.valid_to > l.time GROUP BY l.id) o ON o.id = c.id
), reached AS (
    -- What each attacker got to: was, and as whoever knows which agent was struck, and when, makes it out.
    SELECT incident, atom, reader, bool_or(truly) AS truly, bool_or(NOT truly) AS told
    FROM (
        SELECT s.incident, s.atom, unnest(['fields', 'times']) AS reader, true AS truly
        FROM truth.incident_step s WHERE s.run = $run AND s.allowed
        UNION ALL
        SELECT i.id, l.atom, w.reader, false
        FROM truth.incident i
        JOIN run r USING (run)
        JOIN logged l ON l.kind = 'use' AND l.decision = 'allow' AND l.principal = i.agent AND l.time >= i.time AND l.time < coalesce(i.contained, r.t1)
        JOIN (SELECT unnest(['fields', 'times']) AS reader) w ON w.reader = 'times' OR l.task IS NULL
        WHERE l.atom IS NOT NULL
    )
    GROUP BY incident, atom, reader
), mistaken AS (
    SELECT o.reader, 100 * coalesce(sum(k.weight) FILTER (o.truly <> o.told), 0) / nullif(sum(k.weight) FILTER (o.truly), 0) AS error
    FROM reached o JOIN truth.catalogue k ON k.run = $run AND k.atom = o.atom
    GROUP BY o.reader
), wanted AS (
    -- Over how many systems at least a chain goes: three, or all where there are fewer.
    SELECT least(3, count(DISTINCT system)) AS systems FROM truth.catalogue WHERE run = $run
), called AS (
    SELECT e.id, e.task, t.root, k.system
    FROM truth.event e
    JOIN run r USING (run)
    JOIN truth.task t ON t.run = e.run AND t.id = e.task
    JOIN truth.catalogue k ON k.run = e.run AND k.atom = e.atom
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.time >= r.t0 AND e.time < r.t1
), chain AS (
    -- All calls of a task and its sub-tasks are told, and each for the task that it was made for.
    SELECT w.reader, c.root, bool_and(coalesce(l.task = c.task, false)) AS told
    FROM called c
    CROSS JOIN (SELECT unnest(['fields', 'times']) AS reader) w
    LEFT JOIN (FROM by_fields UNION ALL BY NAME FROM by_time) l ON l.id = c.id AND l.reader = w.reader
    GROUP BY w.reader, c.root
    HAVING count(DISTINCT c.system) >= (SELECT systems FROM wanted)
), across AS (
    SELECT reader, count(*) AS chains, 100 * avg(told::INTEGER) AS whole FROM chain GROUP BY reader
), recorded AS (
    -- What happened in the window and is of a kind that the log records, and whether and when the log has it.
    SELECT 100 * avg((l.id IS NULL)::INTEGER) AS lost, 100 * avg((l.time <> e.time)::INTEGER) AS misdated
    FROM truth.event e
    JOIN run r USING (run)
    JOIN fact.log_profile p ON p.name = r.profile AND list_contains(p.kinds, e.kind)
    LEFT JOIN logged l ON l.id = e.id
    WHERE e.time >= r.t0 AND e.time < r.t1
), size AS (
    SELECT sum(octet_length(encode(regexp_replace(to_json(e)::VARCHAR, '"\w+":null,?', '', 'g'))))
           / (SELECT nullif(count(*), 0) FROM truth.event u JOIN run r USING (run)
              WHERE u.kind = 'use' AND u.decision = 'allow' AND u.time >= r.t0 AND u.time < r.t1) AS bytes
    FROM (SELECT l.* EXCLUDE (run, clock_error) FROM logged l JOIN run r USING (run) WHERE l.time >= r.t0 AND l.time < r.t1) e
)
-- A reader of a log in whose window nothing was changed has nothing to be right about, and the log its size all the same.
SELECT reader, count(id) AS changes,
       100 * avg(who::INTEGER) AS who,
       100 * avg(behalf::INTEGER) FILTER (has_owner) AS behalf,
       100 * avg(task::INTEGER) AS task,
       100 * avg(tool::INTEGER) FILTER (has_tool) AS tool,
       100 * avg(touch::INTEGER) AS touch,
       100 * avg(approval::INTEGER) FILTER (needs_yes) AS approval,
       100 * avg((who AND (behalf OR NOT has_owner) AND task AND (tool OR NOT has_tool) AND touch
                  AND (approval OR NOT needs_yes))::INTEGER) AS whole,
       100 * any_value(hits) / any_value(claims) AS chain_precision,
       100 * coalesce(any_value(hits), 0) / (SELECT nullif(count(*), 0) FROM edge) AS chain_recall,
       any_value(found - hits) AS reversed_edges,
       coalesce(any_value(a.chains), 0) AS chains,
       any_value(a.whole) AS chains_whole,
       any_value(m.error) AS radius_error,
       any_value((SELECT lost FROM recorded)) AS lost,
       any_value((SELECT misdated FROM recorded)) AS misdated,
       any_value((SELECT bytes FROM size)) AS bytes_per_action
FROM (SELECT unnest(['fields', 'times']) AS reader)
LEFT JOIN answered USING (reader)
LEFT JOIN rebuilt USING (reader)
LEFT JOIN across a USING (reader)
LEFT JOIN mistaken m USING (reader)
GROUP BY reader ORDER BY reader
