-- title: Zero standing privilege
-- question: For which share of the time does an agent have no crown jewel in reach beside its work, how many has it otherwise, and for how long without a break?
-- unit: percent of agent-time | zero_percent; atoms at once | atoms; hours | longest_hours
-- grain: run, level, excused_by, stat
-- unfinished: what is still valid, and a task still under way, at the window's end is cut there
-- assumes: a privileged atom is a write or permissions atom of a tier-3 group; it stands while it is in reach and no task of the agent is under way (excused_by task), or no such task of which a call rests on a human's yes, from that yes on (approved_task). held: by a credential; obtainable: held, or given by the issuer to whoever asks and retries, so that a role which its holder activates alone stands too. On a log an answer of unknown outcome, or a yes that only calls of unknown outcome rest on, excuses or not. zero_percent: agent-time without any; atoms: the mean number at once; longest_hours: the longest stretch of any agent
-- assumes: of what nobody is known to hold each credential may be one of the others', so that longest_hours is all the window at most where any stands, and beside them all there is at most one more identity
-- source: standing privilege: a privileged atom valid without an active, approved task; zero standing privilege as a time integral, not a sample
WITH jewel AS (
    SELECT run, atom FROM catalogue WHERE is_jewel(tier, level)
), in_reach_of AS (
    SELECT run, principal, atom, bound, starts, ends, true AS held FROM reach_worked_out SEMI JOIN jewel USING (run, atom)
    UNION ALL
    SELECT run, principal, atom, bound, starts, ends, false FROM mintable_worked_out SEMI JOIN jewel USING (run, atom)
), marked AS (
    SELECT *, max(ends) FILTER (held) OVER before AS covered_held, max(ends) OVER before AS covered
    FROM in_reach_of
    WINDOW before AS (PARTITION BY run, bound, principal, atom ORDER BY starts, ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), once AS (
    -- Each atom of an agent once, in pieces: of what is held, and of what is held or obtainable.
    SELECT run, bound, principal, starts, ends, (held AND coalesce(ends > covered_held, true))::INTEGER AS held,
           coalesce(ends > covered, true)::INTEGER AS obtainable,
           CASE WHEN starts IS NOT NULL THEN greatest(starts, covered_held) END AS held_from,
           CASE WHEN starts IS NOT NULL THEN greatest(starts, covered) END AS obtainable_from
    FROM marked
), agreed AS (
    SELECT e.run, e.task, min(d.decided) FILTER (e.decision = 'allow' AND d.result = 'allow') AS time, min(d.decided) AS may_be
    FROM bare_event e JOIN approval d ON d.run = e.run AND d.id = e.approval
    WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.task IS NOT NULL AND d.kind = 'human' AND d.result IS DISTINCT FROM 'deny'
    GROUP BY e.run, e.task
), work AS (
    SELECT run, agent AS principal, 'task' AS excused_by, 'exact' AS bound, started AS starts, coalesce(ended, 'infinity'::TIMESTAMP) AS ends FROM task
    UNION ALL
    -- What stands beside it is least where an answer of unknown outcome is a yes, or a call of unknown outcome rests on one, if it comes sooner.
    SELECT t.run, t.agent, 'approved_task', b.bound, greatest(t.started, CASE b.bound WHEN 'lo' THEN a.may_be ELSE a.time END),
           coalesce(t.ended, 'infinity'::TIMESTAMP)
    FROM task t JOIN agreed a ON a.run = t.run AND a.task = t.id
    JOIN worked_out_in b ON b.known = CASE WHEN a.time = a.may_be THEN 'exact' ELSE 'vague' END
    WHERE t.started IS NOT NULL AND (b.bound = 'lo' OR a.time IS NOT NULL)
), excuses AS (
    SELECT w.run, w.principal, w.excused_by, w.bound, greatest(w.starts, r.t0) AS starts, least(w.ends, r.t1) AS ends
    FROM work w JOIN run r USING (run)
    WHERE w.starts < w.ends AND w.starts < r.t1 AND w.ends > r.t0
), changes AS (
    SELECT run, bound, principal, unnest([held_from, obtainable_from, ends]) AS time, unnest([held, 0, -held]) AS held,
           unnest([0, obtainable, -obtainable]) AS obtainable, 0 AS tasks, 0 AS approved
    FROM once
    UNION ALL
    SELECT x.run, b.bound, x.principal, unnest([x.starts, x.ends]), 0, 0,
           unnest(CASE x.excused_by WHEN 'task' THEN [1, -1] ELSE [0, 0] END), unnest(CASE x.excused_by WHEN 'task' THEN [0, 0] ELSE [1, -1] END)
    FROM excuses x LEFT JOIN vague_identity v ON v.run = x.run AND v.principal = x.principal
    JOIN worked_out_in b ON b.known = CASE WHEN x.bound = 'exact' AND v.run IS NOT NULL THEN 'vague' ELSE x.bound END
), states AS (
    -- From one change to the next; of changes at one time the last tells.
    SELECT run, bound, principal, time, lead(time) OVER upto AS until, sum(held) OVER upto AS held, sum(obtainable) OVER upto AS obtainable,
           sum(tasks) OVER upto = 0 AS no_task, sum(approved) OVER upto = 0 AS no_approved
    FROM changes WHERE time IS NOT NULL
    WINDOW upto AS (PARTITION BY run, bound, principal ORDER BY time ROWS UNBOUNDED PRECEDING)
), standing AS (
    -- Until when something last did not stand. What stands has stood since then, or, if that is NULL, since `first`.
    SELECT run, bound, time, until, held, obtainable, no_task, no_approved, first_value(time) OVER upto AS first,
           max(until) FILTER (NOT (held > 0 AND no_task)) OVER upto AS no_held_task,
           max(until) FILTER (NOT (held > 0 AND no_approved)) OVER upto AS no_held_approved,
           max(until) FILTER (NOT (obtainable > 0 AND no_task)) OVER upto AS no_obtainable_task,
           max(until) FILTER (NOT (obtainable > 0 AND no_approved)) OVER upto AS no_obtainable_approved
    FROM states WHERE time < until
    WINDOW upto AS (PARTITION BY run, bound, principal ORDER BY time ROWS UNBOUNDED PRECEDING)
), stands AS (
    SELECT run, bound, unnest(['held', 'held', 'obtainable', 'obtainable']) AS level,
           unnest(['task', 'approved_task', 'task', 'approved_task']) AS excused_by, unnest([held, held, obtainable, obtainable]) AS atoms,
           unnest([no_task, no_approved, no_task, no_approved]) AS unexcused,
           epoch_us(until) - epoch_us(time) AS us,
           epoch_us(until) - epoch_us(coalesce(unnest([no_held_task, no_held_approved, no_obtainable_task, no_obtainable_approved]), first)) AS so_far_us
    FROM standing
), totals AS (
    SELECT t.run, b.bound, t.level, t.excused_by, sum(t.us) AS us, sum(t.atom_us) AS atom_us, max(t.longest) AS longest
    FROM (SELECT run, bound, level, excused_by, sum(us)::HUGEINT AS us, sum(atoms * us)::HUGEINT AS atom_us, max(so_far_us) AS longest
          FROM stands WHERE atoms > 0 AND unexcused GROUP BY run, bound, level, excused_by) t
    JOIN counts_for b ON b.known = t.bound GROUP BY t.run, b.bound, t.level, t.excused_by
), unclear AS (
    SELECT u.run, b.bound, u.level, sum(u.unknowns)::BIGINT AS unknowns
    FROM (SELECT run, bound, 'held' AS level, count(*) FILTER (held) AS unknowns FROM in_reach_of WHERE starts IS NULL OR ends IS NULL GROUP BY run, bound
          UNION ALL
          SELECT run, bound, 'obtainable', count(*) FROM in_reach_of WHERE starts IS NULL OR ends IS NULL GROUP BY run, bound) u
    JOIN counts_for b ON b.known = u.bound GROUP BY u.run, b.bound, u.level
), valued AS (
    SELECT r.run, v.level, x.excused_by, g.stat,
           coalesce(u.unknowns, 0) + CASE x.excused_by WHEN 'approved_task' THEN coalesce(q.calls, 0) + coalesce(n.answers, 0) ELSE 0 END + d.unsure AS unknowns,
           -- The least that stands is the most of the time without.
           CASE WHEN g.stat <> 'zero_percent' OR b.bound = 'exact' THEN b.bound WHEN b.bound = 'lo' THEN 'hi' ELSE 'lo' END AS bound,
           CASE WHEN r.sees_credentials AND coalesce(u.unknowns, 0) = 0 AND r.sees_tasks AND r.sees_every_event
                     AND (x.excused_by = 'task' OR (r.sees_approvals AND r.sees_cover))
                     AND (b.bound <> 'hi' OR (r.sees_every_credential AND (v.level = 'held' OR r.sees_scope)))
                THEN CASE g.stat WHEN 'longest_hours' THEN
                                      -- Of what nobody knows who holds it, a stretch may go on in any other.
                                      CASE WHEN o.run IS NULL THEN coalesce(t.longest, 0) / 3.6e9 ELSE epoch(r.t1 - r.t0) / 3600 END
                                 WHEN 'atoms' THEN coalesce(t.atom_us, 0) / 8.64e10 / d.days
                                 -- Who holds without a name may be one of the others, of whom none has more than all the time.
                                 ELSE 100 * greatest(0, 1 - coalesce(t.us, 0) / 8.64e10 / d.days) END END AS value
    FROM run r
    CROSS JOIN bounds b
    CROSS JOIN (SELECT unnest(['held', 'obtainable']) AS level) v
    CROSS JOIN (SELECT unnest(['task', 'approved_task']) AS excused_by) x
    CROSS JOIN (SELECT unnest(['zero_percent', 'atoms', 'longest_hours']) AS stat) g
    JOIN agent_days d ON d.run = r.run AND d.bound = b.bound
    LEFT JOIN totals t ON t.run = r.run AND t.bound = b.bound AND t.level = v.level AND t.excused_by = x.excused_by
    LEFT JOIN doubtful_calls q ON q.run = r.run
    LEFT JOIN (SELECT run, count(*) AS answers FROM approval WHERE result IS NULL AND decided IS NOT NULL GROUP BY run) n ON n.run = r.run
    LEFT JOIN unclear u ON u.run = r.run AND u.bound = b.bound AND u.level = v.level
    LEFT JOIN (SELECT DISTINCT run, bound FROM in_reach_of WHERE principal < -1) o ON o.run = r.run AND o.bound = b.bound
)
SELECT run, level, excused_by, stat, proven(value, bound) AS lo, at_most(value, bound) AS hi, max(unknowns) AS unknowns
FROM valued GROUP BY run, level, excused_by, stat ORDER BY run, level, excused_by, stat
