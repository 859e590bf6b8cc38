-- title: Approvals
-- question: What do approvals cost the people who give them, and those who wait?
-- unit: percent of requests answered | refused_percent; percent of tasks | asking_percent; minutes of people per day | minutes_per_day; minutes of people per 100 tasks | minutes_per_100_tasks; requests per 100 tasks | requests_per_100_tasks; minutes | wait_p95_minutes
-- grain: run, stat
-- unfinished: what is asked in the window counts; a request that nobody has begun to look at by its end has waited so long at least, and a quantile that falls on such a one has no hi; inspection is counted inside the window, also what goes on at its end. A log shows an inspection by its answer only: of a request without one it may have begun at once and go on at the end, or not have begun
-- assumes: minutes_per_day: inspection in the window; minutes_per_100_tasks: the same over root tasks begun in it; requests_per_100_tasks: requests of the window over the same tasks, also those of tasks begun before; wait_p95_minutes: from request to the beginning of inspection, or to giving up; refused_percent: of those answered in the window; asking_percent: tasks begun in the window, sub-tasks too, that asked in it
-- assumes: an answer is to a request about its action made before it that no answer is to yet, whichever that is where several people are asked at once; a further answer begins no wait. Where a log does not tell how long an inspection took, or says that it began before any of these, it took from no time at all to all of it since the first
-- assumes: where a log does not tell to which action an answer is, it may be to any request before it; a request that does not tell of which action it is may be any that an answer after it is to
-- assumes: an answer of unknown outcome may be a refusal or not
-- pool: observations | limits
-- counts: tallied
-- source: friction of control: inspection time, queueing time and refusals of human approval
WITH requests AS (
    FROM request_wait WHERE word = 'request_approval' AND inside
), observations AS (
    SELECT run, least_us / 60e6 AS lo, most_us / 60e6 AS hi FROM requests
), waits AS (
    SELECT run, count(*) AS requests, count(*) FILTER (unclear) AS unclear, quantile_disc(least_us, 0.95) / 60e6 AS lo,
           quantile_disc(coalesce(most_us, 'infinity'::DOUBLE), 0.95) / 60e6 AS hi
    FROM requests GROUP BY run
), answers AS (
    SELECT d.run, d.result, d.decided >= r.t0 AND d.decided < r.t1 AS inside,
           coalesce(exposed_us(d.began, coalesce(d.decided, r.t1), r.t0, r.t1), 0) AS least_us,
           CASE d.kind WHEN 'human' THEN exposed_us(coalesce(d.began, d.requested, '-infinity'), coalesce(d.decided, r.t1), r.t0, r.t1)
                       ELSE least_us END AS most_us
    FROM approval d JOIN run r USING (run)
    UNION ALL
    -- What a log shows no answer to may be looked at when it ends, since it was asked for.
    SELECT q.run, NULL, false, 0, exposed_us(q.time, r.t1, r.t0, r.t1)
    FROM request_wait q JOIN run r USING (run)
    WHERE q.word = 'request_approval' AND q.most_us IS NULL AND NOT on_truth()
), inspections AS (
    SELECT run, sum(least_us) / 60e6 AS lo, sum(most_us) / 60e6 AS hi, count(*) FILTER (least_us < most_us) AS unclear,
           100.0 * count(*) FILTER (inside AND result = 'deny') / nullif(count(*) FILTER (inside), 0) AS refused_least,
           100.0 * count(*) FILTER (inside AND result IS DISTINCT FROM 'allow') / nullif(count(*) FILTER (inside), 0) AS refused_most,
           count(*) FILTER (inside AND result IS NULL) AS doubtful
    FROM answers GROUP BY run
), begun AS (
    SELECT t.run, count(*) AS tasks, count(*) FILTER (t.parent IS NULL) AS roots,
           count(*) FILTER (EXISTS (FROM requests q WHERE q.run = t.run AND q.task = t.id)) AS asking
    FROM task t JOIN run r USING (run)
    WHERE t.started >= r.t0 AND t.started < r.t1 GROUP BY t.run
), tallied AS (
    SELECT run, 'asking_percent' AS stat, asking AS hits, tasks AS trials FROM begun
), valued AS (
    SELECT r.run, r.sees_tasks AND r.sees_approvals AND r.sees_every_event AS seen,
           epoch(r.t1 - r.t0) / 86400 AS days, coalesce(i.lo, 0) AS least, coalesce(i.hi, 0) AS most,
           100.0 * coalesce(w.requests, 0) / b.roots AS per_100, 100.0 * b.asking / b.tasks AS percent,
           unnest(['minutes_per_day', 'minutes_per_100_tasks', 'requests_per_100_tasks', 'wait_p95_minutes', 'refused_percent', 'asking_percent']) AS stat,
           unnest([least / days, 100 * least / b.roots, per_100, w.lo, i.refused_least, percent]) AS lo,
           unnest([most / days, 100 * most / b.roots, per_100, w.hi, i.refused_most, percent]) AS hi,
           unnest([i.unclear, i.unclear, 0, w.unclear, i.doubtful, 0]) AS unknowns
    FROM run r
    LEFT JOIN waits w USING (run)
    LEFT JOIN inspections i USING (run)
    LEFT JOIN begun b USING (run)
)
SELECT run, stat, CASE WHEN seen AND isfinite(lo) THEN lo END AS lo, CASE WHEN seen AND isfinite(hi) THEN hi END AS hi,
       CASE WHEN seen THEN coalesce(unknowns, 0) ELSE 1 END AS unknowns
FROM valued ORDER BY run, stat
