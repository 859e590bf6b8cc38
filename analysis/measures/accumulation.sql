-- title: Accumulated credentials
-- question: How many credentials does an agent hold beside what its work needs, and do they become more from day to day?
-- unit: credentials, mean per agent | held_mean, needed_mean; credentials more per agent each day | slope_per_day
-- grain: run, stat
-- unfinished: whatever is still valid at the window's end is cut there; of days only whole ones count, and a slope needs two
-- assumes: held_mean: over the time of the window, as long as any verifier accepts a credential for anything; needed_mean: one while the agent's tasks need anything at all, the fewest that would do; slope_per_day: least squares over the means of whole days, each day alike. On a log need is use, but use for no task proves no need, use that does not say whose it was is a need of any agent at most, and credentials that it never shows have no upper end
-- assumes: on a log a credential of which nobody knows who holds it may be one more agent's, all such are of one, and where any agent was abandoned it may be of that, and counts at most
-- parameter: stretch_hours = 24 in [0.0001, 876600] | hours over which each of the means is taken that the slope goes through
-- source: Little's law: a mean number is its time integral over time; ordinary least squares, slope = sum (d - mean d) y / sum (d - mean d)^2
WITH accepted AS (
    -- A credential as long as anybody accepts it, whatever for; cut into what the rows before do not cover.
    SELECT run, bound, starts, ends,
           max(ends) OVER (PARTITION BY run, bound, credential ORDER BY starts, ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM held_worked_out
), piece AS (
    SELECT run, bound, CASE WHEN starts IS NOT NULL THEN greatest(starts, covered) END AS starts, ends
    FROM accepted
    WHERE coalesce(ends > covered, true)
), needing AS (
    SELECT run, bound, starts, ends,
           max(ends) OVER (PARTITION BY run, bound, principal ORDER BY starts, ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM task_worked_out
), needed AS (
    SELECT n.run, b.bound, sum(n.us) AS us
    FROM (SELECT n.run, n.bound, sum(exposed_us(greatest(n.starts, n.covered), n.ends, r.t0, r.t1))::HUGEINT AS us
          FROM needing n JOIN run r USING (run) GROUP BY n.run, n.bound) n
    JOIN counts_for b ON b.known = n.bound GROUP BY n.run, b.bound
), span AS (
    -- The window, and the whole days in it.
    SELECT run, NULL::BIGINT AS day, t0 AS starts, t1 AS ends FROM run
    UNION ALL
    SELECT run, day, t0 + to_microseconds((day * $stretch_hours * 3.6e9)::BIGINT), t0 + to_microseconds(((day + 1) * $stretch_hours * 3.6e9)::BIGINT)
    FROM (SELECT run, t0, unnest(range((floor((epoch_us(t1) - epoch_us(t0)) / ($stretch_hours * 3.6e9)))::BIGINT)) AS day FROM run)
), counted AS (
    SELECT p.run, p.day, b.bound, sum(p.us) AS us
    FROM (SELECT s.run, s.day, p.bound, sum(exposed_us(p.starts, p.ends, s.starts, s.ends))::HUGEINT AS us
          FROM span s JOIN piece p ON p.run = s.run AND p.starts < s.ends AND p.ends > s.starts
          GROUP BY s.run, s.day, p.bound) p
    JOIN counts_for b ON b.known = p.bound GROUP BY p.run, p.day, b.bound
), meant AS (
    -- Whether the number of credentials is known at all in this bound; a mean is time over the time of all agents.
    SELECT s.run, s.day, b.bound, coalesce(u.credentials, 0) + d.unsure AS unknowns,
           CASE WHEN r.sees_credentials AND coalesce(u.credentials, 0) = 0 AND (b.bound <> 'hi' OR r.sees_every_credential)
                THEN coalesce(c.us, 0) / (d.days * 8.64e10) * (epoch_us(r.t1) - epoch_us(r.t0)) / (epoch_us(s.ends) - epoch_us(s.starts)) END AS mean
    FROM span s
    JOIN run r USING (run)
    CROSS JOIN bounds b
    JOIN agent_days d ON d.run = s.run AND d.bound = b.bound
    LEFT JOIN counted c ON c.run = s.run AND c.day IS NOT DISTINCT FROM s.day AND c.bound = b.bound
    LEFT JOIN unknown_validity u ON u.run = s.run AND u.bound = b.bound
), held_mean AS (
    SELECT run, day, proven(mean, bound) AS lo, at_most(mean, bound) AS hi, max(unknowns) AS unknowns FROM meant GROUP BY run, day
), sloped AS (
    -- What each day adds to the slope for each credential more in it: more early means less of a slope.
    -- Of n days from 0 the mean is (n - 1) / 2 and the sum of squares about it (n^3 - n) / 12, exact in any order of rows.
    SELECT *, (day - (days - 1) / 2) / nullif((days * days * days - days) / 12, 0) * 24 / $stretch_hours AS weight
    FROM (SELECT *, count(*) OVER (PARTITION BY run) AS days FROM held_mean WHERE day IS NOT NULL)
), slope AS (
    SELECT run, count(*) > 1 AND bool_and(lo IS NOT NULL AND hi IS NOT NULL) AS known,
           sum(weight * CASE WHEN weight > 0 THEN lo ELSE hi END ORDER BY day) AS lo,
           sum(weight * CASE WHEN weight > 0 THEN hi ELSE lo END ORDER BY day) AS hi
    FROM sloped GROUP BY run
), need_mean AS (
    -- The least need goes with the most that only stands there: for need itself the two bounds change places.
    SELECT r.run, CASE n.bound WHEN 'lo' THEN 'hi' WHEN 'hi' THEN 'lo' ELSE n.bound END AS bound, n.us, r.sees_need
    FROM run r JOIN needed n USING (run)
), told AS (
    SELECT run, 'held_mean' AS stat, lo, hi, unknowns FROM held_mean WHERE day IS NULL
    UNION ALL
    SELECT r.run, 'slope_per_day', CASE WHEN s.known THEN s.lo END, CASE WHEN s.known THEN s.hi END, h.unknowns
    FROM run r LEFT JOIN slope s USING (run) JOIN held_mean h ON h.run = r.run AND h.day IS NULL
    UNION ALL
    -- A log that names no credentials says nothing of what they were needed for.
    SELECT r.run, 'needed_mean', proven(CASE WHEN r.sees_credentials THEN coalesce(n.us, 0) / (d.days * 8.64e10) END, b.bound),
           at_most(CASE WHEN r.sees_credentials AND (b.bound <> 'hi' OR r.sees_need) THEN coalesce(n.us, 0) / (d.days * 8.64e10) END, b.bound),
           coalesce(max(q.needs), 0) + max(d.unsure)
    FROM run r
    CROSS JOIN bounds b
    JOIN agent_days d ON d.run = r.run AND d.bound = b.bound
    LEFT JOIN need_mean n ON n.run = r.run AND n.bound = b.bound
    LEFT JOIN doubtful_need q ON q.run = r.run
    GROUP BY r.run
)
SELECT run, stat, lo, hi, unknowns::BIGINT AS unknowns FROM told ORDER BY run, stat
