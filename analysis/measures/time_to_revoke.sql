-- title: Time to revoke
-- question: After a task has ended, how long is any credential that it used still accepted somewhere?
-- unit: lengths of its task | lengths_*; tasks | at_risk, ended; instants | ends; seconds | p50, p95, restricted_mean
-- grain: run, stat
-- unfinished: of p50 and p95 a credential still accepted at the window's end is right-censored (Kaplan and Meier 1958): a quantile that the curve does not reach has no hi, and lo is the longest time observed
-- unfinished: where a log leaves ends open, no curve that they allow says less than lo or more than hi, and lo and hi of restricted_mean lie apart also where nobody was followed as far as its horizon. The curve takes what the window cuts off for like the rest, which it is not where many end at one instant (keys that are all replaced at noon), so that there it is too low and lo = hi is no bound. lengths_p50 and lengths_p95 are limits, because by lengths the window's end cuts off long tasks sooner than short ones, and not at random: lo as if what it cuts off had ended then, and no hi where the quantile falls on such a one
-- assumes: root tasks and sub-tasks that ended in the window
-- assumes: the last verifier counts
-- assumes: 0 where every credential ended first
-- assumes: of a token that no verifier asks anybody about it is the lifetime that is left. On a log, what a task may not have been let use counts at most. restricted_mean: what lasts longer than the horizon counts as that, so that it is a mean that a window can tell
-- assumes: at_risk: how many tasks the quantiles and the mean are of
-- assumes: ended: of how many of these the end was seen
-- assumes: ends: at how many different instants: tasks that shared a credential ended with it, and tell no more than one. lengths_p50, lengths_p95: the same over the time from the task's start to its end, which compares minutes with months
-- assumes: a task without duration has no such length. for other triggers than the end of a task see revoke_on_offboarding, revoke_on_policy_change and revoke_on_compromise
-- parameter: mean_hours = 24 in (0, 876600] | hours after the end of a task up to which the mean is restricted
-- pool: observations | kaplan-meier | mean_hours of restricted_mean
-- limits: lengths_p50, lengths_p95
-- source: effective time to revoke, trigger to last acceptable instant; tail over task length, free of scale; restricted mean survival time (Royston and Parmar, BMC Medical Research Methodology 13, 2013)
WITH over AS (
    SELECT t.run, t.id AS task, t.started, t.ended, r.t1 FROM task t JOIN run r USING (run) WHERE t.ended >= r.t0 AND t.ended < r.t1
), lasting AS (
    -- Whether or not the agent was abandoned since.
    SELECT run, credential, bound, max(ends) AS ends FROM carried GROUP BY run, credential, bound
), spans AS (
    -- What a task may not have been let use counts at most; one that may have used nothing else is not `sure` to be one of them.
    SELECT t.run, t.task, b.bound, t.started, t.ended, t.t1, bool_or(u.surely) AS sure, count(*) FILTER (NOT u.surely) AS doubtful,
           coalesce(max(h.ends) FILTER (u.surely OR b.bound <> 'lo'), t.ended) AS until
    FROM acts_with('over') u
    JOIN over t ON t.run = u.run AND t.task = u.task
    CROSS JOIN bounds b
    LEFT JOIN lasting h ON h.run = u.run AND h.credential = u.credential AND h.bound = b.bound
    GROUP BY t.run, t.task, b.bound, t.started, t.ended, t.t1
), times AS (
    SELECT run, 'task' AS part, task, bound, sure, greatest(s.until, ended) AS until, s.until < t1 AS observed,
           greatest(0, epoch_us(s.until) - epoch_us(ended)) / 1e6 AS seconds,
           seconds * 1e6 / nullif(epoch_us(ended) - epoch_us(started), 0) AS lengths
    FROM spans s
), scaled AS (
    SELECT run, task, bound, until, observed, unnest(['', 'lengths_']) AS scale, unnest([seconds, lengths]) AS value FROM times
), observations AS (
    SELECT run, unnest(CASE scale WHEN '' THEN ['p50', 'p95', 'restricted_mean'] ELSE ['lengths_p50', 'lengths_p95'] END) AS stat, lo, hi, until
    FROM (SELECT run, scale, min(value) AS lo, CASE WHEN bool_and(observed) THEN max(value) END AS hi, one_instant(until) AS until
          FROM scaled WHERE value IS NOT NULL GROUP BY run, task, scale)
), in_lengths AS (
    -- Of a time over a length the end of the window is the sooner the longer the task was: what it cuts off is not like the rest.
    SELECT run, unnest(['lengths_p50', 'lengths_p95']) AS stat,
           unnest(quantile_disc(lengths, [0.5, 0.95]) FILTER (bound <> 'hi')) AS lo,
           unnest(quantile_disc(CASE WHEN observed AND sure THEN lengths ELSE 'infinity'::DOUBLE END, [0.5, 0.95]) FILTER (bound <> 'lo')) AS hi,
           count(*) FILTER (NOT observed AND bound <> 'lo') AS unknowns
    FROM times WHERE lengths IS NOT NULL GROUP BY run
), shown AS (
    SELECT r.run, r.sees_every_event AND r.sees_tasks AND r.sees_credentials AS seen, coalesce(v.credentials, 0) AS vague,
           coalesce(d.credentials, 0) AS doubtful
    FROM run r
    LEFT JOIN (SELECT run, sum(doubtful) AS credentials FROM spans WHERE bound <> 'lo' GROUP BY run) d USING (run)
    LEFT JOIN unknown_carried v USING (run)
)
SELECT s.run, s.stat, s.lo, s.hi, (s.unknowns + r.doubtful)::BIGINT AS unknowns
FROM survival_said('shown', 'times', $mean_hours * 3600) s JOIN shown r USING (run)
UNION ALL
SELECT r.run, g.stat, CASE WHEN r.seen AND r.vague = 0 THEN s.lo END, CASE WHEN r.seen AND r.vague = 0 AND isfinite(s.hi) THEN s.hi END,
       (coalesce(s.unknowns, 0) + r.vague + r.doubtful + CASE WHEN r.seen THEN 0 ELSE 1 END)::BIGINT
FROM shown r CROSS JOIN (SELECT unnest(['lengths_p50', 'lengths_p95']) AS stat) g LEFT JOIN in_lengths s USING (run, stat)
ORDER BY run, stat
