-- title: Zero standing privilege
-- question: For which share of the time does an agent have no crown jewel in reach beside its work, how many has it otherwise, and for how long without a break?
-- unit: percent of agent-time | zero_percent; atoms at once | atoms; hours | longest_hours
-- grain: run, level, excused_by, stat
-- unfinished: what is still valid, and a task still under way, at the window's end is cut there
-- assumes: a privileged atom is a write or permissions atom of a tier-3 group; it stands while it is in reach and no task of the agent is under way (excused_by task), or no such task of which a call rests on a human's yes, from that yes on (approved_task). held: by a credential; obtainable: held, or given by the issuer to whoever asks and retries, so that a role which its holder activates alone stands too. zero_percent: agent-time without any; atoms: the mean number at once; longest_hours: the longest stretch of any agent
-- source: standing privilege: a privileged atom valid without an active, approved task; zero standing privilege as a time integral, not a sample
WITH jewel AS (
    SELECT run, atom FROM catalogue WHERE tier = 3 AND level IN ('write', 'permissions')
), reach AS (
    SELECT unnest(['held', 'obtainable']) AS level, run, holder AS principal, atom, bound, starts, ends
    FROM held SEMI JOIN jewel USING (run, atom)
    WHERE holder IS NOT NULL OR bound <> 'lo'
    UNION ALL
    SELECT 'obtainable', run, principal, atom, bound, starts, ends FROM mintable SEMI JOIN jewel USING (run, atom)
), once AS (
    -- Each atom of an agent once, in pieces.
    SELECT * REPLACE (CASE WHEN starts IS NOT NULL THEN greatest(starts, coalesce(covered, starts)) END AS starts)
    FROM (SELECT *, max(ends) OVER (PARTITION BY run, bound, level, principal, atom ORDER BY starts, ends
                                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
          FROM reach)
    WHERE starts IS NULL OR ends IS NULL OR coalesce(covered < ends, true)
), agreed AS (
    SELECT e.run, e.task, min(d.decided) AS time
    FROM bare_event e JOIN approval d ON d.run = e.run AND d.id = e.approval
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.task IS NOT NULL AND d.kind = 'human' AND d.result = 'allow'
    GROUP BY e.run, e.task
), work AS (
    SELECT run, agent AS principal, 'task' AS excused_by, started AS starts, coalesce(ended, 'infinity'::TIMESTAMP) AS ends FROM task
    UNION ALL
    SELECT t.run, t.agent, 'approved_task', greatest(t.started, a.time), coalesce(t.ended, 'infinity'::TIMESTAMP)
    FROM task t JOIN agreed a ON a.run = t.run AND a.task = t.id
    WHERE t.started IS NOT NULL
), excuses AS (
    SELECT w.run, w.principal, w.excused_by, greatest(w.starts, r.t0) AS starts, least(w.ends, r.t1) AS ends
    FROM work w JOIN run r USING (run)
    WHERE w.starts < w.ends AND w.starts < r.t1 AND w.ends > r.t0
), changes AS (
    SELECT run, bound, level, unnest(['task', 'approved_task']) AS excused_by, principal, starts AS time, 1 AS atoms, 0 AS tasks FROM once
    UNION ALL
    SELECT run, bound, level, unnest(['task', 'approved_task']), principal, ends, -1, 0 FROM once
    UNION ALL
    SELECT x.run, b.bound, v.level, x.excused_by, x.principal, unnest([x.starts, x.ends]), 0, unnest([1, -1])
    FROM excuses x CROSS JOIN bounds b CROSS JOIN (SELECT unnest(['held', 'obtainable']) AS level) v
), states AS (
    SELECT run, bound, level, excused_by, principal, time, lead(time) OVER upto AS until,
           sum(sum(atoms)) OVER upto AS reached, sum(sum(tasks)) OVER upto AS working
    FROM changes WHERE time IS NOT NULL
    GROUP BY run, bound, level, excused_by, principal, time
    WINDOW upto AS (PARTITION BY run, bound, level, excused_by, principal ORDER BY time)
), standing AS (
    SELECT *, time IS DISTINCT FROM lag(until) OVER (PARTITION BY run, bound, level, excused_by, principal ORDER BY time) AS anew
    FROM states WHERE reached > 0 AND working = 0 AND until IS NOT NULL
), stretches AS (
    SELECT run, bound, level, excused_by, sum(epoch_us(until) - epoch_us(time)) AS us,
           sum(reached * (epoch_us(until) - epoch_us(time))) AS atom_us
    FROM (SELECT *, count(*) FILTER (anew) OVER (PARTITION BY run, bound, level, excused_by, principal ORDER BY time
                                                 ROWS UNBOUNDED PRECEDING) AS stretch
          FROM standing)
    GROUP BY run, bound, level, excused_by, principal, stretch
), totals AS (
    SELECT run, bound, level, excused_by, sum(us)::HUGEINT AS us, sum(atom_us)::HUGEINT AS atom_us, max(us) AS longest
    FROM stretches GROUP BY run, bound, level, excused_by
), unclear AS (
    SELECT run, bound, level, count(*) AS unknowns FROM once WHERE starts IS NULL OR ends IS NULL GROUP BY run, bound, level
), valued AS (
    SELECT r.run, v.level, x.excused_by, g.stat, coalesce(u.unknowns, 0) AS unknowns,
           -- The least that stands is the most of the time without.
           CASE WHEN g.stat <> 'zero_percent' OR b.bound = 'exact' THEN b.bound WHEN b.bound = 'lo' THEN 'hi' ELSE 'lo' END AS bound,
           CASE WHEN r.sees_credentials AND coalesce(u.unknowns, 0) = 0 AND r.sees_tasks AND r.sees_every_event
                     AND (x.excused_by = 'task' OR (r.sees_approvals AND r.sees_cover))
                     AND (b.bound <> 'hi' OR (r.sees_every_credential AND (v.level = 'held' OR r.sees_scope)))
                THEN CASE g.stat WHEN 'longest_hours' THEN coalesce(t.longest, 0) / 3.6e9
                                 WHEN 'atoms' THEN coalesce(t.atom_us, 0) / 8.64e10 / d.days
                                 ELSE 100 * (1 - coalesce(t.us, 0) / 8.64e10 / d.days) END END AS value
    FROM run r
    CROSS JOIN bounds b
    CROSS JOIN (SELECT unnest(['held', 'obtainable']) AS level) v
    CROSS JOIN (SELECT unnest(['task', 'approved_task']) AS excused_by) x
    CROSS JOIN (SELECT unnest(['zero_percent', 'atoms', 'longest_hours']) AS stat) g
    JOIN agent_days d ON d.run = r.run AND d.bound = b.bound
    LEFT JOIN totals t ON t.run = r.run AND t.bound = b.bound AND t.level = v.level AND t.excused_by = x.excused_by
    LEFT JOIN unclear u ON u.run = r.run AND u.bound = b.bound AND u.level = v.level
)
SELECT run, level, excused_by, stat, proven(value, bound) AS lo, at_most(value, bound) AS hi, max(unknowns) AS unknowns
FROM valued GROUP BY run, level, excused_by, stat ORDER BY run, level, excused_by, stat
