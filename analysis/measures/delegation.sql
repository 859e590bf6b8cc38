-- title: Delegation
-- question: What do sub-agents act with beside their parents, hop by hop, and for how long do they and what they hold outlive them?
-- unit: percent | attenuation_percent; credential-hours per agent-day | zombie_hours; sub-agent-hours per agent-day | outlives_hours; sub-agents | *
-- grain: run, hop, stat
-- unfinished: who is under way at the window's end outlives its parent until then; sub-agents that begin in the window count, and of hours those in it
-- assumes: hop: how many stand above it, all of them together under all
-- assumes: work that its parent does in a sub-agent's stead is no delegation. A sub-agent acts with what was issued for it and with whatever else it used, which was handed down to it, so that its parent has that too. attenuation_percent: the mean weight of what a sub-agent and its parent can both do over that of what the parent can, 100 where all is handed down
-- assumes: beyond: sub-agents that can do anything which their parent cannot, by what was issued for them: by a grant of their own from the issuer, as where each call is granted by itself or a need is found that no plan named, or by what was cut from their parent's and holds more, which happens in no simulated run and may in a real log
-- assumes: open_ended: that act with what never ends by itself or has no scope
-- assumes: outlived: that went on when their parent had ended
-- assumes: stopped: that were stopped then, their work lost
-- assumes: zombie_hours: for which what was issued for a sub-agent, or handed down to it, is accepted when its parent and the task that it was issued for have ended. What a log shows of what a credential opens is all of it or not known, and so is with what a sub-agent acts, where it is open whether a call was let in
-- source: attenuation = w(child and parent) / w(parent); escalation: w(child without parent) > 0 (definitions of delegation); bearer tokens that shrink hop by hop (macaroons, Birgisson et al. 2014)
WITH RECURSIVE lineage AS (
    -- A parent that a log does not show was there before it began.
    SELECT run, id AS task, parent, (parent IS NOT NULL)::INTEGER AS depth, started, ended, NULL::TIMESTAMP AS parent_ended
    FROM task c WHERE parent IS NULL OR NOT EXISTS (FROM task p WHERE p.run = c.run AND p.id = c.parent)
    UNION ALL
    SELECT t.run, t.id, t.parent, l.depth + 1, t.started, t.ended, l.ended
    FROM task t JOIN lineage l ON l.run = t.run AND l.task = t.parent
), child AS (
    SELECT l.*, r.t0, r.t1, r.sees_every_event, unnest(['all', CASE WHEN l.depth < 3 THEN l.depth::VARCHAR ELSE '3+' END]) AS hop,
           l.started >= r.t0 AND l.started < r.t1 AS begins
    FROM lineage l
    JOIN run r USING (run)
    ANTI JOIN in_line USING (run, task)
    WHERE l.depth > 0 AND l.started IS NOT NULL
), sub_agent AS (
    FROM child WHERE hop = 'all' AND begins
), kin AS (
    SELECT run, task FROM sub_agent UNION SELECT run, parent FROM sub_agent
), acting AS (
    FROM acts_with('kin')
), given AS (
    SELECT c.run, c.task, true AS below, a.credential, a.surely FROM sub_agent c JOIN acting a USING (run, task)
    UNION ALL
    SELECT c.run, c.task, false, a.credential, a.surely FROM sub_agent c JOIN acting a ON a.run = c.run AND a.task = c.parent
    UNION ALL
    SELECT c.run, c.task, false, a.credential, a.surely FROM sub_agent c JOIN acting a USING (run, task) WHERE NOT a.own
), opened AS (
    SELECT g.run, g.task, v.atom, bool_or(g.below) AS below, bool_or(NOT g.below) AS above, bool_and(v.certain AND g.surely) AS certain
    FROM given g JOIN covered v ON v.run = g.run AND v.id = g.credential AND v.bound <> 'lo'
    GROUP BY g.run, g.task, v.atom
), weighed AS (
    SELECT o.run, o.task, bool_and(o.certain) AS clear, bool_or(o.below AND NOT o.above) AS beyond,
           coalesce(sum(k.weight) FILTER (o.above AND o.below), 0) / nullif(sum(k.weight) FILTER (o.above), 0) AS kept
    FROM opened o JOIN catalogue k ON k.run = o.run AND k.atom = o.atom
    GROUP BY o.run, o.task
    HAVING bool_or(o.below)
), endless AS (
    SELECT g.run, g.task, b.bound,
           bool_or(CASE b.bound WHEN 'lo' THEN g.surely AND k.to_lo = 'infinity' ELSE k.to_hi = 'infinity' OR NOT q.scope_known OR (k.to_hi IS NULL AND b.bound = 'hi') END) AS open,
           bool_or(b.bound = 'exact' AND k.to_hi IS NULL) AS unclear
    FROM given g
    JOIN credential k ON k.run = g.run AND k.id = g.credential
    JOIN resolution q ON q.run = k.run AND q.id = k.id
    CROSS JOIN bounds b
    WHERE g.below
    GROUP BY g.run, g.task, b.bound
), begun AS (
    SELECT c.run, c.hop, b.bound, count(*) AS sub_agents,
           -- In whole trillionths, so that the sum is exact in any order.
           sum(round(w.kept * 1e12)::HUGEINT) / nullif(count(w.kept), 0) / 1e10 AS attenuation,
           count(*) FILTER (w.beyond) AS beyond,
           count(*) FILTER (NOT w.clear) AS unclear, count(*) FILTER (e.open) AS open_ended, count(*) FILTER (e.unclear) AS undated
    FROM child c
    CROSS JOIN bounds b
    LEFT JOIN weighed w ON w.run = c.run AND w.task = c.task
    LEFT JOIN endless e ON e.run = c.run AND e.task = c.task AND e.bound = b.bound
    WHERE c.begins
    GROUP BY c.run, c.hop, b.bound
), stopped AS (
    SELECT DISTINCT run, task FROM bare_event WHERE kind = 'task_end' AND reason = 'parent_ended'
), beyond_parent AS (
    -- Where a log may have lost an end, it proves of whom it shows none that it went on for no time.
    SELECT c.run, c.hop, b.bound, c.task, c.parent_ended, greatest(c.started, c.parent_ended) AS since, c.t0, c.t1, s.task IS NOT NULL AS stopped,
           coalesce(c.ended, CASE WHEN b.bound <> 'lo' OR c.sees_every_event THEN 'infinity'::TIMESTAMP ELSE c.parent_ended END) AS ended
    FROM child c
    CROSS JOIN bounds b
    LEFT JOIN stopped s USING (run, task)
    WHERE c.parent_ended IS NOT NULL
), alone AS (
    SELECT run, hop, bound, sum(exposed_us(since, ended, t0, t1))::HUGEINT / 3.6e9 AS hours,
           count(*) FILTER (ended > parent_ended AND parent_ended >= t0 AND parent_ended < t1) AS outlived,
           count(*) FILTER (stopped AND ended >= t0 AND ended < t1) AS stopped
    FROM beyond_parent GROUP BY run, hop, bound
), marked AS (
    SELECT z.run, z.bound, c.hop, z.starts, z.ends, c.t0, c.t1,
           max(z.ends) OVER (PARTITION BY z.run, z.bound, c.hop, z.credential ORDER BY z.starts, z.ends
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM zombie z JOIN child c USING (run, task)
    WHERE coalesce(z.starts < z.ends, true)
), zombies AS (
    SELECT run, bound, hop, sum(exposed_us(greatest(starts, covered), ends, t0, t1))::HUGEINT / 3.6e9 AS hours,
           count(*) FILTER (starts IS NULL OR ends IS NULL) AS unknowns
    FROM marked GROUP BY run, bound, hop
), valued AS (
    SELECT r.run, h.hop, s.stat, b.bound, coalesce(q.calls, 0) AS doubtful, CASE WHEN ends_with(s.stat, '_hours') THEN d.unsure ELSE 0 END AS unsure,
           CASE s.stat WHEN 'open_ended' THEN coalesce(n.undated, 0) WHEN 'zombie_hours' THEN coalesce(z.unknowns, 0)
                       WHEN 'attenuation_percent' THEN coalesce(n.unclear, 0) WHEN 'beyond' THEN coalesce(n.unclear, 0)
                       ELSE 0 END AS unclear,
           CASE WHEN NOT r.sees_tasks THEN NULL
                WHEN s.stat = 'zombie_hours' THEN r.sees_credentials AND (b.bound <> 'hi' OR r.sees_every_credential)
                WHEN s.stat IN ('outlived', 'outlives_hours', 'stopped') THEN b.bound <> 'hi' OR r.sees_every_event
                WHEN s.stat = 'sub_agents' THEN r.sees_every_event
                WHEN s.stat = 'open_ended' THEN r.sees_every_event AND r.sees_credentials
                ELSE r.sees_every_event AND r.sees_credentials AND r.sees_scope END AS seen,
           CASE s.stat WHEN 'sub_agents' THEN coalesce(n.sub_agents, 0) WHEN 'beyond' THEN coalesce(n.beyond, 0)
                       WHEN 'open_ended' THEN coalesce(n.open_ended, 0) WHEN 'attenuation_percent' THEN n.attenuation
                       WHEN 'outlived' THEN coalesce(a.outlived, 0) WHEN 'stopped' THEN coalesce(a.stopped, 0)
                       WHEN 'outlives_hours' THEN coalesce(a.hours, 0) / d.days ELSE coalesce(z.hours, 0) / d.days END AS value
    FROM run r
    CROSS JOIN bounds b
    CROSS JOIN (SELECT unnest(['all', '1', '2', '3+']) AS hop) h
    CROSS JOIN (SELECT unnest(['sub_agents', 'attenuation_percent', 'beyond', 'open_ended', 'outlived', 'outlives_hours',
                               'stopped', 'zombie_hours']) AS stat) s
    JOIN agent_days d ON d.run = r.run AND d.bound = b.bound
    LEFT JOIN doubtful_calls q ON q.run = r.run
    LEFT JOIN begun n ON n.run = r.run AND n.hop = h.hop AND n.bound = b.bound
    LEFT JOIN alone a ON a.run = r.run AND a.hop = h.hop AND a.bound = b.bound
    LEFT JOIN zombies z ON z.run = r.run AND z.hop = h.hop AND z.bound = b.bound
), told AS (
    SELECT *, CASE WHEN seen AND unclear = 0 THEN value END AS said FROM valued
)
SELECT run, hop, stat, proven(said, bound) AS lo, at_most(said, bound) AS hi,
       max(CASE WHEN seen IS NOT TRUE THEN 1 WHEN stat IN ('open_ended', 'zombie_hours') THEN unclear + doubtful ELSE unclear END + unsure)::BIGINT AS unknowns
FROM told GROUP BY run, hop, stat ORDER BY run, hop, stat
