-- What work needs: which identity, which atom, from when until when, and how much of that before any instant.

-- Identities that access is measured for: agents, and on a real log whoever holds a credential. Where that shows none, of whoever else
-- makes calls nobody is sure; who approves or issues holds nothing by that.
CREATE TEMP VIEW identity AS
SELECT p.run, p.id AS principal, p.kind = 'agent' OR EXISTS (FROM credential c WHERE c.run = p.run AND c.holder = p.id) AS sure
FROM principal p
ANTI JOIN gone g ON g.run = p.run AND g.principal = p.id
WHERE sure OR EXISTS (FROM bare_event e JOIN run r USING (run)
                      WHERE r.kind = 'ingested' AND NOT r.sees_credentials AND e.run = p.run AND e.principal = p.id AND e.kind IN ('use', 'assume'))
UNION ALL
-- Whoever holds what nobody is known to hold is somebody.
SELECT DISTINCT run, NULL::BIGINT, false FROM credential WHERE holder IS NULL;

-- From when until when an identity is there: of an agent at work since it was set up; of one that was abandoned, until
-- nothing is left that somebody gave it.
CREATE TEMP TABLE there AS
SELECT i.run, i.principal, i.sure, coalesce(p.active_from, '-infinity'::TIMESTAMP) AS starts, 'infinity'::TIMESTAMP AS ends
FROM identity i LEFT JOIN principal p ON p.run = i.run AND p.id = i.principal
UNION ALL
SELECT g.run, g.principal, true, coalesce(p.active_from, '-infinity'::TIMESTAMP), max(a.valid_to)
FROM gone g
JOIN principal p ON p.run = g.run AND p.id = g.principal
JOIN assignment a ON a.run = g.run AND a.principal = g.principal
GROUP BY g.run, g.principal, p.active_from;

-- Who answers for an identity, from-to: a team as long as anybody known to be in it is there. One of which no member is on record
-- answers for nobody; on a log nobody knows since when it does, if at all.
CREATE TEMP TABLE answered AS
SELECT o.run, o.owned AS principal, o.owner, o.role, t.id IS NOT NULL AS by_team, o.acknowledged,
       CASE WHEN t.id IS NULL OR o.valid_from IS NULL THEN o.valid_from
            WHEN m.run IS NOT NULL THEN greatest(o.valid_from, m.valid_from) END AS starts,
       CASE WHEN m.run IS NULL OR o.valid_to IS NULL THEN o.valid_to
            ELSE least(o.valid_to, m.valid_to) END AS ends
FROM ownership o
LEFT JOIN principal t ON t.run = o.run AND t.id = o.owner AND t.kind = 'team'
LEFT JOIN membership m ON m.run = t.run AND m.container = t.id
WHERE coalesce(o.valid_from < o.valid_to, true) AND (t.id IS NULL OR m.run IS NOT NULL OR NOT on_truth())
  AND (m.run IS NULL OR (coalesce(m.valid_from < o.valid_to, true) AND coalesce(m.valid_to > o.valid_from, true)));

-- When nobody answers for an identity, and what was before: nobody so far, a person who left, or a team without members.
-- Where it is not known since when or until when somebody answers: always at least, not at all at most. Whoever that is may have
-- been the last before, or not: of what was before, at least no more than is the same either way, and at most all it may be.
-- A log proves of an identity that nobody answers only where its snapshot would say who does.
CREATE TEMP TABLE unanswered AS
WITH owned AS (
    SELECT o.run, o.principal, o.by_team, b.bound,
           CASE WHEN b.bound = 'lo' THEN coalesce(o.starts, '-infinity'::TIMESTAMP) ELSE o.starts END AS starts,
           CASE WHEN b.bound = 'lo' THEN coalesce(o.ends, 'infinity'::TIMESTAMP) ELSE o.ends END AS ends
    FROM answered o CROSS JOIN bounds b
    WHERE o.role = 'owner' AND (b.bound <> 'hi' OR (o.starts IS NOT NULL AND o.ends IS NOT NULL))
), marked AS (
    SELECT *, max(ends) OVER before AS covered, arg_max(by_team, row(ends, by_team)) OVER before AS team_before
    FROM owned
    WINDOW before AS (PARTITION BY run, principal, bound ORDER BY starts, ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), gap AS (
    -- Before the first owner, between two, after the last; without a known edge where an owner has none.
    SELECT run, principal, bound, starts AS ends, coalesce(covered, '-infinity'::TIMESTAMP) AS starts, team_before FROM marked
    UNION ALL
    SELECT run, principal, bound, 'infinity'::TIMESTAMP, CASE WHEN bool_and(ends IS NOT NULL) THEN max(ends) END,
           arg_max(by_team, row(ends, by_team))
    FROM owned GROUP BY run, principal, bound
), listed AS (
    SELECT t.*, b.bound FROM there t CROSS JOIN bounds b
    WHERE b.bound <> 'lo' OR (t.sure
          AND NOT EXISTS (FROM shadow s WHERE s.run = t.run AND s.principal = t.principal)
          -- A real snapshot that names no owner of anybody may be one that does not tell.
          AND t.run NOT IN (FROM (SELECT run FROM run WHERE kind = 'ingested') ANTI JOIN ownership USING (run)))
), doubtful AS (
    SELECT run, principal, list(DISTINCT CASE WHEN by_team THEN 'no_member' ELSE 'owner_left' END) AS classes
    FROM answered WHERE role = 'owner' AND (starts IS NULL OR ends IS NULL) GROUP BY run, principal
), cut AS (
    SELECT t.run, t.bound, t.principal, t.starts AS since, t.ends AS until, d.classes,
           CASE WHEN g.team_before IS NULL THEN 'never_owned' WHEN g.team_before THEN 'no_member' ELSE 'owner_left' END AS class,
           CASE WHEN g.run IS NULL THEN t.starts WHEN g.starts IS NOT NULL THEN greatest(g.starts, t.starts) END AS starts,
           CASE WHEN g.run IS NULL THEN t.ends WHEN g.ends IS NOT NULL THEN least(g.ends, t.ends) END AS ends
    FROM listed t
    LEFT JOIN gap g ON g.run = t.run AND g.principal = t.principal AND g.bound = t.bound
    LEFT JOIN doubtful d ON d.run = t.run AND d.principal = t.principal
)
SELECT run, bound, principal, starts, ends, until,
       unnest(CASE WHEN bound = 'exact' OR classes IS NULL THEN [class] WHEN bound = 'hi' THEN list_distinct([class] || classes)
                   WHEN class = 'never_owned' THEN [class] ELSE [NULL] END) AS class
FROM cut
WHERE coalesce(starts < ends, true);

-- The days of the window, times identities: who is not known may be one of the others, and of whom nobody is sure may be none, so at
-- most there are fewer of them (`unsure`: how many there are of whom nobody is sure, and credentials of which nobody knows who holds them).
CREATE TEMP VIEW agent_days AS
SELECT r.run, b.bound, count(i.principal) FILTER (NOT i.sure) + coalesce(any_value(u.credentials), 0) AS unsure,
       nullif(CASE b.bound WHEN 'hi' THEN count(i.run) FILTER (i.sure) ELSE count(i.run) END, 0) * epoch(r.t1 - r.t0) / 86400 AS days
FROM run r CROSS JOIN bounds b LEFT JOIN identity i USING (run) LEFT JOIN unheld u USING (run)
GROUP BY r.run, b.bound, r.t0, r.t1;

-- Atoms of which a log may not show all calls that need one.
CREATE TEMP VIEW unseen_use AS
SELECT k.run, k.atom FROM catalogue k JOIN run r USING (run) WHERE k.by_choice OR NOT (r.sees_all_kept AND r.sees_touch);

-- Whose a need may have been where a log does not say it: any identity's, or that of whoever else is seen to need something, or of others.
CREATE TEMP TABLE may_need AS
WITH unsaid AS (
    SELECT DISTINCT run FROM need WHERE principal IS NULL
)
SELECT run, principal FROM identity SEMI JOIN unsaid USING (run)
UNION
SELECT run, principal FROM need SEMI JOIN unsaid USING (run);

-- Need: where nobody knows whose, one of each whose it may have been, of whom nobody knows whether they had it (met).
CREATE TEMP VIEW anyones_need AS
SELECT n.* REPLACE (coalesce(n.principal, m.principal) AS principal, CASE WHEN n.principal IS NOT NULL THEN n.met END AS met)
FROM need n LEFT JOIN may_need m ON m.run = CASE WHEN n.principal IS NULL THEN n.run END;

-- Whether it is `known` of every need of a run that was seen that it was one, when it began and ended; and whether need is `clear`,
-- the same in each bound, because besides nothing was missed and it is known who holds what.
CREATE TEMP TABLE clear_need AS
SELECT *, known AND run NOT IN (SELECT run FROM unseen_use) AND run NOT IN (SELECT run FROM unheld) AS clear
FROM (SELECT run, sees_need AND run NOT IN (SELECT DISTINCT run FROM need WHERE ends IS NULL OR met IS NULL OR principal IS NULL) AS known FROM run);

-- How many needs were seen of which nobody knows whether they were any, or whose.
CREATE TEMP VIEW doubtful_need AS SELECT run, count(*) AS needs FROM need WHERE met IS NULL OR principal IS NULL GROUP BY run;

-- In which bounds need is worked out, run by run.
CREATE TEMP VIEW need_bound AS
SELECT c.run, b.bound FROM clear_need c JOIN worked_out_in b ON b.known = CASE WHEN c.clear THEN 'exact' ELSE 'vague' END;

-- When an atom was needed, by each action, from when it started, as long as it took; and by each task, from the first
-- such action to the last, without the waiting for control in between. Where a log does not tell all of that, at least
-- what was seen at that instant, and at most everything from the first use on; where events are lost, do not say what
-- they touched, or are kept by choice, anything. Where it names no tasks, any call may be an attacker's, or part of no work, and
-- proves no need.
CREATE TEMP VIEW unclear_need AS
WITH seen AS (
    FROM anyones_need SEMI JOIN (FROM run WHERE NOT sees_need) r USING (run)
)
SELECT n.run, n.principal, n.atom, 'hi' AS bound, n.starts, coalesce(n.ends, n.starts) AS ends
FROM seen n JOIN run r USING (run)
WHERE r.sees_tasks AND n.met IS NOT NULL
UNION ALL
SELECT n.run, n.principal, n.atom, 'lo', min(n.starts), 'infinity'::TIMESTAMP
FROM seen n ANTI JOIN unseen_use u USING (run, atom)
GROUP BY n.run, n.principal, n.atom
UNION ALL
SELECT r.run, i.principal, u.atom, 'lo', r.t0, r.t1
FROM unseen_use u JOIN run r USING (run) JOIN identity i USING (run);

-- What a log of everything tells of need, in each bound. A call of which nobody knows whether it was let in or whose it was, or one without a length,
-- which is none of the plan's, was a need at most: as long as it took, else no longer than its task went on, which is for no time if it
-- came after that. At least it was none, and if it had to wait for control, others of its task were not needed meanwhile.
CREATE TEMP VIEW told_need AS
SELECT n.run, n.task, n.principal, n.atom, n.requested, n.starts, n.ends, b.bound, true AS counts, coalesce(n.requested < n.starts, false) AS waits
FROM anyones_need n JOIN run r USING (run) JOIN need_bound b USING (run)
WHERE r.sees_need AND n.ends IS NOT NULL AND n.met IS NOT NULL
UNION ALL
SELECT n.run, n.task, n.principal, n.atom, coalesce(n.requested, CASE WHEN n.met IS NULL THEN '-infinity'::TIMESTAMP END), n.starts,
       coalesce(n.ends, CASE WHEN t.ended IS NOT NULL THEN greatest(n.starts, t.ended) END, 'infinity'::TIMESTAMP),
       b.bound, b.bound = 'lo', b.bound = 'hi' AND coalesce(n.requested < n.starts, n.met IS NULL)
FROM anyones_need n JOIN run r USING (run) JOIN need_bound b USING (run)
LEFT JOIN task t ON t.run = n.run AND t.id = n.task
WHERE r.sees_need AND (n.ends IS NULL OR n.met IS NULL);

CREATE TEMP VIEW action_need AS
SELECT run, principal, atom, bound, starts, ends FROM told_need WHERE counts
UNION ALL
FROM unclear_need;

CREATE TEMP VIEW task_need AS
WITH whole AS (
    SELECT run, task, bound, principal, atom, min(starts) FILTER (counts) AS starts, max(ends) FILTER (counts) AS ends, bool_or(waits) AS waits
    FROM told_need GROUP BY run, task, bound, principal, atom
), waits AS (
    SELECT DISTINCT run, task, bound FROM whole WHERE waits
), apart AS (
    -- Call by call is told only what tasks did that waited.
    FROM told_need SEMI JOIN waits USING (run, task, bound)
), waiting AS (
    -- Disjoint waits of each task, so that what lies between two of them is a gap.
    SELECT run, task, bound, requested, starts, max(starts) OVER (PARTITION BY run, task, bound ORDER BY requested, starts
                                                                  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM apart WHERE waits
), working AS (
    -- Stretches of a task in which it does not wait: up to each wait, and after the last.
    SELECT run, task, bound, coalesce(covered, '-infinity'::TIMESTAMP) AS starts, requested AS ends
    FROM waiting WHERE covered IS NULL OR covered < requested
    UNION ALL
    SELECT run, task, bound, max(starts), 'infinity'::TIMESTAMP FROM waiting GROUP BY run, task, bound
), exact AS (
    -- What was done while the task waited.
    SELECT run, principal, atom, bound, starts, ends FROM apart WHERE counts
    UNION ALL
    SELECT w.run, w.principal, w.atom, w.bound, w.starts, w.ends
    FROM whole w ANTI JOIN waits USING (run, task, bound) WHERE w.ends IS NOT NULL
    UNION ALL
    SELECT w.run, w.principal, w.atom, w.bound, greatest(w.starts, g.starts), least(w.ends, g.ends)
    FROM whole w JOIN working g ON g.run = w.run AND g.task = w.task AND g.bound = w.bound AND g.starts < w.ends AND g.ends > w.starts
)
FROM exact
UNION ALL
FROM unclear_need;

-- Need without overlaps, up to the window's end. Most stretches are of one need, which opens and closes it; of the others
-- the one that closes a stretch comes next after the one that opens it. Who holds what nobody is known to hold needs at most what anybody
-- does (-1), and at least nothing.
CREATE TEMP MACRO without_overlaps(needs) AS TABLE
WITH cut AS (
    -- Many rows are sorted here: what names their lane is narrow.
    SELECT n.run, n.principal, n.atom, narrow(n.bound) AS bound, n.starts, least(n.ends, r.t1) AS ends
    FROM (FROM query_table(needs) UNION ALL
          SELECT * REPLACE (-1 AS principal) FROM query_table(needs) SEMI JOIN unheld USING (run) WHERE bound = 'lo') n
    JOIN run r USING (run)
    WHERE n.starts < r.t1
), marked AS (
    SELECT *, max(ends) OVER (along ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered,
           max(ends) OVER (along ROWS UNBOUNDED PRECEDING) AS reached, lead(starts) OVER (along) AS following
    FROM cut WINDOW along AS (PARTITION BY run, principal, atom, bound ORDER BY starts, ends)
), edge AS MATERIALIZED (
    SELECT run, principal, atom, bound, starts, reached, coalesce(starts > covered, true) AS opens,
           coalesce(following > reached, true) AS closes
    FROM marked WHERE coalesce(starts > covered, true) OR coalesce(following > reached, true)
)
SELECT run, principal, atom, bound, starts, reached AS ends FROM edge WHERE opens AND closes
UNION ALL
SELECT run, principal, atom, bound, starts, ends
FROM (SELECT *, lead(reached) OVER (PARTITION BY run, principal, atom, bound ORDER BY starts, closes) AS ends
      FROM edge WHERE opens <> closes)
WHERE opens;

-- Since the run began: what was needed before the window was not unused. Once, where that is the same in each bound.
CREATE TEMP TABLE task_once AS FROM without_overlaps('task_need');
CREATE TEMP TABLE action_once AS FROM without_overlaps('action_need');

CREATE TEMP MACRO in_each_bound(once) AS TABLE
SELECT n.* REPLACE (b.bound AS bound) FROM query_table(once) n JOIN counts_for b ON b.known = n.bound;

-- The same, clipped to the window.
CREATE TEMP MACRO inside_window(history) AS TABLE
SELECT n.* REPLACE (greatest(n.starts, r.t0) AS starts)
FROM query_table(history) n JOIN run r USING (run)
WHERE n.ends > r.t0 OR n.starts >= r.t0;

CREATE TEMP VIEW task_in_window AS FROM inside_window('task_once');
CREATE TEMP VIEW action_in_window AS FROM inside_window('action_once');
CREATE TEMP VIEW task_stretch_once AS FROM task_in_window WHERE principal IS DISTINCT FROM -1;
CREATE TEMP VIEW action_stretch_once AS FROM action_in_window WHERE principal IS DISTINCT FROM -1;
CREATE TEMP VIEW task_stretch AS FROM in_each_bound('task_stretch_once');
CREATE TEMP VIEW action_stretch AS FROM in_each_bound('action_stretch_once');
CREATE TEMP VIEW need_stretch AS
SELECT *, 'task' AS grain FROM task_stretch UNION ALL SELECT *, 'action' FROM action_stretch;

-- Each stretch with what came before it, so that the need inside any interval of the window is a difference of two look-ups:
-- need before t = before_us + min(t, ends) - starts, at the last stretch that began by t.
CREATE TEMP MACRO cumulated(stretches) AS TABLE
SELECT *, coalesce(sum(epoch_us(ends) - epoch_us(starts))
                   OVER (PARTITION BY run, principal, atom, bound ORDER BY starts
                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before_us
FROM query_table(stretches);

CREATE TEMP TABLE task_tally_once AS FROM cumulated('task_in_window');
CREATE TEMP TABLE action_tally_once AS FROM cumulated('action_in_window');
CREATE TEMP VIEW task_tally AS FROM in_each_bound('task_tally_once');
