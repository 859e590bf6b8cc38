-- title: First touch
-- question: How soon after it was found does a task touch something, and had anybody decided on it by then?
-- unit: percent of first touches | undecided_percent; seconds | wait_*
-- grain: run, need, stat
-- unfinished: a first touch counts when it begins in the window; what was found and never touched does not count
-- assumes: a task's first use of an atom that is let through. planned: in the plan that the task began with; discovered: outside it, by a call that the work turned out to need; astray: outside it and by no intended call. undecided_percent: neither policy nor a human had said yes by then to this task's use of it, or, of what is planned, to the task. wait_p50, wait_p95: from when the agent was ready to call until the call, which is the time from discovery to first touch. On a log nothing is told of planned touches, or of the others, where one of them may be by a call of unknown outcome, and an answer or decision of unknown outcome may be a yes or not
-- pool: observations | limits
-- source: touched before any decision; time from discovery of a data source to its first touch
WITH yes AS (
    SELECT run, task, action, atom, time, decision IS NOT NULL AS sure, action IS NULL AND atom IS NULL AND credential IS NULL AS whole
    FROM bare_event WHERE kind IN ('decide', 'decide_approval') AND decision IS DISTINCT FROM 'deny'
), yes_to_action AS (
    SELECT run, action, min(time) FILTER (sure) AS time, min(time) AS may_be FROM yes WHERE action IS NOT NULL GROUP BY run, action
), yes_to_atom AS (
    SELECT run, task, atom, min(time) FILTER (sure) AS time, min(time) AS may_be FROM yes WHERE task IS NOT NULL AND atom IS NOT NULL GROUP BY run, task, atom
), yes_to_task AS (
    SELECT run, task, min(time) FILTER (sure) AS time, min(time) AS may_be FROM yes WHERE task IS NOT NULL AND whole GROUP BY run, task
), touch AS NOT MATERIALIZED (
    -- Too many to keep: to read them again takes less.
    SELECT run, task, atom, time, action, requested, approval, decision IS NULL AS doubtful
    FROM bare_event WHERE kind = 'use' AND decision IS DISTINCT FROM 'deny' AND task IS NOT NULL AND atom IS NOT NULL
), first AS (
    SELECT f.*, p.atom IS NOT NULL AS planned
    FROM (SELECT run, task, atom, min(time) FILTER (NOT doubtful) AS time FROM touch GROUP BY run, task, atom) f
    LEFT JOIN plan p USING (run, task, atom)
), open AS (
    -- Touches of which another call may have been the first, or one of them.
    SELECT f.run, f.planned, count(DISTINCT row(f.task, f.atom)) AS touches
    FROM first f JOIN touch t USING (run, task, atom) JOIN run r USING (run)
    WHERE t.doubtful AND t.time < r.t1 AND coalesce(f.time >= t.time, true) AND coalesce(f.time, t.time) >= r.t0
    GROUP BY f.run, f.planned
), touched AS (
    -- Of calls at one instant all are first.
    SELECT t.*, f.planned
    FROM (FROM touch WHERE NOT doubtful) t
    JOIN first f ON f.run = t.run AND f.task = t.task AND f.atom = t.atom AND f.time = t.time
    JOIN run r ON r.run = t.run
    WHERE f.time >= r.t0 AND f.time < r.t1
), judged AS (
    SELECT t.*, t.approval IS NOT NULL OR coalesce(a.time <= t.time, false) OR coalesce(s.time <= t.time, false)
                OR (t.planned AND coalesce(w.time <= t.time, false)) AS decided,
           decided OR coalesce(a.may_be <= t.time, false) OR coalesce(s.may_be <= t.time, false)
                OR (t.planned AND coalesce(w.may_be <= t.time, false)) AS may_be
    FROM touched t
    LEFT JOIN yes_to_action a ON a.run = t.run AND a.action = t.action
    LEFT JOIN yes_to_atom s ON s.run = t.run AND s.task = t.task AND s.atom = t.atom
    LEFT JOIN yes_to_task w ON w.run = t.run AND w.task = t.task
), firsts AS (
    SELECT run, CASE WHEN planned THEN 'planned' WHEN bool_or(action IS NOT NULL) THEN 'discovered' ELSE 'astray' END AS need,
           bool_or(decided) AS decided, bool_or(may_be) AS may_be, epoch_us(time) - epoch_us(min(requested)) AS us
    FROM judged GROUP BY run, task, atom, time, planned
), observations AS (
    SELECT run, need, us / 1e6 AS lo, us / 1e6 AS hi FROM firsts WHERE us IS NOT NULL
), stats AS (
    SELECT run, need, 100.0 * count(*) FILTER (NOT may_be) / count(*) AS least, 100.0 * count(*) FILTER (NOT decided) / count(*) AS most,
           count(*) FILTER (may_be AND NOT decided) AS doubtful,
           quantile_disc(us, 0.5) / 1e6 AS p50, quantile_disc(us, 0.95) / 1e6 AS p95
    FROM firsts GROUP BY run, need
), valued AS (
    SELECT r.run, g.need, q.stat,
           r.sees_plan AND r.sees_touch AND r.sees_actions AND r.sees_every_event
           AND (q.stat <> 'undecided_percent' OR (r.sees_decisions AND r.sees_approvals AND r.sees_cover)) AS seen,
           CASE WHEN o.run IS NULL THEN CASE q.stat WHEN 'undecided_percent' THEN s.least WHEN 'wait_p50' THEN s.p50 ELSE s.p95 END END AS least,
           CASE WHEN o.run IS NULL THEN CASE q.stat WHEN 'undecided_percent' THEN s.most WHEN 'wait_p50' THEN s.p50 ELSE s.p95 END END AS most,
           coalesce(o.touches, CASE q.stat WHEN 'undecided_percent' THEN s.doubtful END, 0) AS open
    FROM run r
    CROSS JOIN (SELECT unnest(['planned', 'discovered', 'astray']) AS need) g
    CROSS JOIN (SELECT unnest(['undecided_percent', 'wait_p50', 'wait_p95']) AS stat) q
    LEFT JOIN stats s ON s.run = r.run AND s.need = g.need
    LEFT JOIN open o ON o.run = r.run AND o.planned = (g.need = 'planned')
)
SELECT run, need, stat, CASE WHEN seen THEN least END AS lo, CASE WHEN seen THEN most END AS hi, CASE WHEN seen THEN open ELSE 1 END AS unknowns
FROM valued ORDER BY run, need, stat
