-- What several measures share. Temporary: they read whichever evidence the search_path of the connection names. What
-- several measures scan is a table, computed once a connection; the rest are views.
-- A measure has the parameters of whatever it stands on; it may state a default of its own.
-- parameter: dwell_hours = 1 in [0, 876600] | hours from compromise to containment
-- parameter: found_median_hours = 24 in [0, 876600] | hours from a call until somebody reads the log that it is in, the median, where no scenario says it
-- parameter: found_sigma = 1.5 in [0, 10] | spread of the logarithm of that time, where no scenario says it
-- parameter: process_per_hour = 1e-6 in [0, 1] | chance for each hour that an agent's process is read, where no scenario says it
-- parameter: hijack_per_call = 1e-6 in [0, 1] | chance for each call that what it reads hijacks the agent, where no scenario says it
-- parameter: copy_per_call = 1e-8 in [0, 1] | chance for each call that its credential is copied on its way, where no scenario says it
-- parameter: copy_per_issue = 1e-8 in [0, 1] | chance for each credential issued that it is copied on its way, where no scenario says it
-- parameter: log_per_hour = 1e-6 in [0, 1] | chance for each hour that an agent's log is read, where no scenario says it
-- parameter: host_per_hour = 1e-6 in [0, 1] | chance for each hour that the secret on an agent's host is read, where no scenario says it
-- parameter: host_per_issue = 1e-8 in [0, 1] | chance for each credential issued that the secret shown for it is copied, where no scenario says it
-- parameter: issuer_per_hour = 1e-6 in [0, 1] | chance for each hour that the issuer is taken, where no scenario says it

-- A quantity is worked out once a bound: its lower end is what is proven, its upper end what is possible at most.
CREATE TEMP MACRO proven(value, bound) AS max(value) FILTER (bound <> 'hi');
CREATE TEMP MACRO at_most(value, bound) AS max(value) FILTER (bound <> 'lo');

-- How many percent of a whole a part is, rounding apart; of a whole that is worth nothing there is none.
CREATE TEMP MACRO percent_of(part, whole) AS CASE WHEN whole > 0 THEN least(100.0 * part / whole, 100) END;

-- Whether there are several different ones; to count them all would take memory for each.
CREATE TEMP MACRO several(value) AS coalesce(min(value) < max(value), false);

-- What happened, without what was touched and what it was for: to tell that of simulated calls takes a look at each action.
CREATE TEMP VIEW bare_event AS SELECT * EXCLUDE (operation, atom, resource, args, intent) FROM event;

-- Root tasks offered in the window, and for how long each can be followed.
CREATE TEMP VIEW offered AS
SELECT t.run, t.id AS task, t.outcome, epoch_us(r.t1) - epoch_us(t.arrival) AS left_us, epoch_us(r.t1) - epoch_us(r.t0) AS window_us
FROM task t JOIN run r USING (run)
WHERE t.parent IS NULL AND t.arrival >= r.t0 AND t.arrival < r.t1;

-- Agents that were abandoned by the window's end: nobody works as them, so their access is nobody's to measure beside
-- work. What they left behind is debt.
CREATE TEMP VIEW gone AS
SELECT p.run, p.id AS principal, p.active_to AS since
FROM principal p JOIN run r USING (run)
WHERE p.kind = 'agent' AND p.active_to < r.t1;

-- Since when and until when the assignments of a principal say an atom, without overlaps: what verifiers ask where
-- authority is looked up at use. Where one of the times is not known, at most always and at least never.
CREATE TEMP VIEW assigned AS
WITH asked AS (
    SELECT DISTINCT run, holder AS principal FROM credential WHERE resolved IN ('looked_up', 'both')
), said AS (
    SELECT a.run, a.principal, s.atom, b.bound,
           CASE WHEN b.bound = 'lo' THEN a.valid_from ELSE coalesce(a.valid_from, '-infinity'::TIMESTAMP) END AS starts,
           CASE WHEN b.bound = 'lo' THEN a.valid_to ELSE coalesce(a.valid_to, 'infinity'::TIMESTAMP) END AS ends,
           b.bound <> 'exact' OR (a.valid_from IS NOT NULL AND a.valid_to IS NOT NULL) AS certain
    FROM assignment a
    JOIN asked USING (run, principal)
    JOIN scope_set_atom s ON s.run = a.run AND s.scope_set = a.scope_set AND s.effect = 'allow'
    CROSS JOIN bounds b
), marked AS (
    SELECT *, max(ends) OVER before AS covered FROM said WHERE starts < ends
    WINDOW before AS (PARTITION BY run, principal, atom, bound ORDER BY starts, ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), numbered AS (
    SELECT *, count(*) FILTER (covered IS NULL OR starts > covered)
              OVER (PARTITION BY run, principal, atom, bound ORDER BY starts, ends ROWS UNBOUNDED PRECEDING) AS stretch
    FROM marked
)
SELECT run, principal, atom, bound, min(starts) AS starts, max(ends) AS ends, bool_and(certain) AS certain
FROM numbered GROUP BY run, principal, atom, bound, stretch;

-- How it is known what a credential opens: from what was baked in, from the assignments of its holder, or not at all.
-- Assignments that nobody has seen leave open what of the scope set they say.
CREATE TEMP VIEW resolution AS
SELECT c.run, c.id, c.resolved IN ('looked_up', 'both') AS asks, g.run IS NOT NULL AS snapshot,
       c.scope_set IS NOT NULL OR (c.resolved = 'looked_up' AND g.run IS NOT NULL) AS scope_known
FROM credential c
LEFT JOIN (SELECT DISTINCT run, principal FROM assignment) g ON g.run = c.run AND g.principal = c.holder;

-- What a credential may open whose scope is not known: everything. Where a log shows neither scopes nor every credential, no
-- measure tells what may be held at most, only until when, which is for each verifier to say: one atom of each stands for all.
CREATE TEMP VIEW everything AS
SELECT k.run, k.atom FROM catalogue k JOIN run r USING (run) WHERE r.sees_scope OR r.sees_every_credential
UNION ALL
SELECT k.run, min(k.atom) FROM catalogue k JOIN run r USING (run) WHERE NOT (r.sees_scope OR r.sees_every_credential) GROUP BY k.run, k.verifier;

-- The atoms a credential may hold, and whether it certainly does. What its scope set leaves to a condition that nobody
-- evaluated is held at most; where the scope is not known, everything is. Where verifiers ask assignments, only while these
-- say so (`given_from`, `given_to`). What it was seen to do it held at least from the first such use to the last: authority
-- that is looked up at use may have come and gone; what is baked in was there all along.
CREATE TEMP VIEW covered AS
WITH scoped AS (
    -- A deny wins.
    SELECT run, scope_set, atom, bool_or(effect = 'allow') AS allowed,
           bool_or(effect = 'deny' AND NOT conditional) AS denied,
           bool_or(effect = 'allow' AND NOT conditional) AND NOT bool_or(effect = 'deny') AS certain
    FROM scope_set_atom GROUP BY run, scope_set, atom
), seen AS (
    SELECT e.run, e.credential, e.atom, min(e.time + to_microseconds(e.clock_error)) AS since, max(e.time - to_microseconds(e.clock_error)) AS until
    FROM event e
    SEMI JOIN (FROM resolution WHERE NOT scope_known OR (asks AND NOT snapshot)) q ON q.run = e.run AND q.id = e.credential
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.atom IS NOT NULL
    GROUP BY e.run, e.credential, e.atom
)
SELECT c.run, c.id AS credential, s.atom, b.bound, s.certain AND NOT q.asks AS certain, NULL AS seen_from, NULL AS seen_to,
       '-infinity'::TIMESTAMP AS given_from, 'infinity'::TIMESTAMP AS given_to
FROM credential c
JOIN resolution q USING (run, id)
JOIN scoped s ON s.run = c.run AND s.scope_set = c.scope_set
JOIN bounds b ON (s.certain AND NOT q.asks) OR b.bound <> 'lo'
WHERE s.allowed AND NOT s.denied AND NOT (q.asks AND q.snapshot)
UNION ALL
SELECT c.run, c.id, g.atom, g.bound, g.certain AND coalesce(s.certain, q.scope_known), NULL, NULL, g.starts, g.ends
FROM credential c
JOIN resolution q ON q.run = c.run AND q.id = c.id AND q.asks AND q.snapshot
JOIN assigned g ON g.run = c.run AND g.principal = c.holder
LEFT JOIN scoped s ON s.run = c.run AND s.scope_set = c.scope_set AND s.atom = g.atom
WHERE (coalesce(s.certain, q.scope_known) OR g.bound <> 'lo') AND (c.scope_set IS NULL OR (s.allowed AND NOT s.denied))
UNION ALL
SELECT c.run, c.id, e.atom, 'lo', true, CASE WHEN c.resolved <> 'baked' THEN e.since END, CASE WHEN c.resolved <> 'baked' THEN e.until END,
       '-infinity'::TIMESTAMP, 'infinity'::TIMESTAMP
FROM seen e JOIN credential c ON c.run = e.run AND c.id = e.credential
UNION ALL
SELECT c.run, c.id, k.atom, b.bound, false, NULL, NULL, '-infinity'::TIMESTAMP, 'infinity'::TIMESTAMP
FROM credential c JOIN everything k USING (run) JOIN bounds b ON b.bound <> 'lo'
JOIN resolution q ON q.run = c.run AND q.id = c.id
WHERE c.scope_set IS NULL AND NOT (q.asks AND q.snapshot);

-- Which credential carried which atom from when until when at the atom's verifier, clipped to the window, and `since` when
-- before that was done; whether of an agent that was `abandoned`. Where one exact value is asked for, what is not certain has no
-- known start.
CREATE TEMP TABLE carried AS
WITH bounded AS (
    SELECT c.run, c.id AS credential, c.holder, c.task, c.binding, c.enforced, q.scope_known, v.given_from, v.given_to,
           v.bound, k.atom, k.level, k.tier, k.verifier,
           k.weight, k.resource_group, r.t0, r.t1, g.run IS NOT NULL AS abandoned,
           CASE WHEN v.bound = 'lo' THEN coalesce(v.seen_from, c.from_hi) WHEN v.bound = 'hi' OR v.certain THEN c.from_lo END AS starts,
           CASE v.bound WHEN 'lo' THEN coalesce(v.seen_to, c.to_lo) ELSE c.to_hi END AS ends,
           CASE v.bound WHEN 'lo' THEN a.until_lo ELSE a.until_hi END AS until
    FROM covered v
    JOIN credential c ON c.run = v.run AND c.id = v.credential
    JOIN resolution q ON q.run = v.run AND q.id = v.credential
    JOIN catalogue k ON k.run = v.run AND k.atom = v.atom
    JOIN run r ON r.run = v.run
    LEFT JOIN acceptance a ON a.run = v.run AND a.credential = v.credential AND a.verifier = k.verifier
    LEFT JOIN gone g ON g.run = c.run AND g.principal = c.holder
), accepted AS (
    SELECT * REPLACE (CASE WHEN starts IS NOT NULL THEN greatest(starts, given_from) END AS starts,
                      CASE WHEN ends IS NOT NULL THEN least(ends, given_to, coalesce(until, 'infinity'::TIMESTAMP)) END AS ends)
    FROM bounded
)
-- What certainly lies outside the window is left out, even where one of its ends is not known.
SELECT * EXCLUDE (until, given_from, given_to) REPLACE (
           CASE WHEN starts IS NOT NULL THEN greatest(starts, t0) END AS starts,
           CASE WHEN ends IS NOT NULL THEN least(ends, t1) END AS ends),
       starts AS since
FROM accepted
WHERE coalesce(starts < t1, true) AND coalesce(ends > t0, true) AND coalesce(until > t0, true) AND coalesce(starts < ends, true)
  AND given_from < t1 AND given_to > t0;

-- The same of whoever works.
CREATE TEMP VIEW held AS SELECT * EXCLUDE (abandoned) FROM carried WHERE NOT abandoned;

-- Tasks of sub-agents that may not be called up: whoever would have, does their work itself.
CREATE TEMP VIEW in_line AS
SELECT DISTINCT run, task FROM bare_event WHERE kind = 'spawn' AND decision = 'deny';

-- What a task acts with: what was issued for it, and what else it was seen to use.
CREATE TEMP VIEW acts_with AS
SELECT u.run, u.task, u.credential, c.task IS NOT DISTINCT FROM u.task AS own
FROM (SELECT run, task, id AS credential FROM credential WHERE task IS NOT NULL
      UNION
      SELECT run, task, credential FROM bare_event
      WHERE kind = 'use' AND decision = 'allow' AND task IS NOT NULL AND credential IS NOT NULL) u
JOIN credential c ON c.run = u.run AND c.id = u.credential;

-- While a sub-agent's credential is accepted though its parent has ended; one that was handed down to it, though the task
-- that it was issued for has ended too. What is for all of an agent's work outlives no part of that.
CREATE TEMP VIEW zombie AS
SELECT h.run, h.bound, a.task, h.credential,
       CASE WHEN h.starts IS NOT NULL THEN greatest(h.starts, p.ended, CASE WHEN NOT a.own THEN o.ended END) END AS starts, h.ends
FROM acts_with a
JOIN task t ON t.run = a.run AND t.id = a.task AND t.started IS NOT NULL
JOIN task p ON p.run = t.run AND p.id = t.parent AND p.ended IS NOT NULL
JOIN held h ON h.run = a.run AND h.credential = a.credential AND h.task IS NOT NULL
LEFT JOIN task o ON o.run = h.run AND o.id = h.task
ANTI JOIN in_line i ON i.run = a.run AND i.task = a.task
WHERE a.own OR o.ended IS NOT NULL;

-- What was renewed to what, and whether nobody had said yes to going on with the one before.
CREATE TEMP VIEW renewed AS
SELECT e.run, e.credential, e.issued, e.time,
       NOT EXISTS (FROM bare_event d WHERE d.run = e.run AND d.kind = 'decide' AND d.decision = 'allow' AND d.credential = e.credential
                   AND d.time <= e.time) AS silent
FROM bare_event e WHERE e.kind = 'renew' AND e.issued IS NOT NULL;

CREATE TEMP VIEW unknown_validity AS
SELECT run, bound, count(*) AS credentials FROM held WHERE starts IS NULL OR ends IS NULL GROUP BY run, bound;

-- Credentials whose scope is not known: what they weigh has no upper end, because a catalogue seen is not all there is.
CREATE TEMP VIEW unscoped AS
SELECT run, count(*) AS credentials FROM resolution WHERE NOT scope_known GROUP BY run;

-- What the model's own issuer could have made for an identity, whoever asks or is the issuer, and what its owner could take
-- for it in an emergency; clipped. Whoever retries gets through whatever lets one request in a thousand pass; the rest is
-- guarded.
CREATE TEMP VIEW issuable AS
SELECT t.run, t.principal, b.bound, k.atom, k.level, k.tier, k.weight, k.resource_group, r.t0, r.t1,
       greatest(t.valid_from, r.t0) AS starts, least(t.valid_to, r.t1) AS ends, t.permit_under_attack, t.permit_in_tries, t.bootstrap,
       t.gate = 'human' AS by_human, t.gate = 'issuer' AS unasked, t.permit_under_attack < 1 AS guarded,
       EXISTS (FROM principal p WHERE p.run = t.run AND p.id = t.issuer AND p.kind IN ('human', 'team')) AS by_owner
FROM trust t
JOIN run r USING (run)
JOIN scope_set_atom s ON s.run = t.run AND s.scope_set = t.scope_set AND s.effect = 'allow'
JOIN catalogue k ON k.run = t.run AND k.atom = s.atom
CROSS JOIN bounds b
ANTI JOIN gone g ON g.run = t.run AND g.principal = t.principal
WHERE t.valid_from < r.t1 AND t.valid_to > r.t0 AND t.valid_from < t.valid_to;

-- What it could give to whoever holds the identity, states any intent and retries.
CREATE TEMP VIEW grantable AS FROM issuable WHERE NOT unasked;

CREATE TEMP VIEW mintable AS FROM grantable WHERE NOT guarded;

-- Identities that access is measured for: agents, and on a real log whoever holds a credential.
CREATE TEMP VIEW identity AS
SELECT p.run, p.id AS principal
FROM principal p
ANTI JOIN gone g ON g.run = p.run AND g.principal = p.id
WHERE p.kind = 'agent' OR EXISTS (FROM credential c WHERE c.run = p.run AND c.holder = p.id)
UNION ALL
-- Whoever holds what nobody is known to hold is somebody.
SELECT DISTINCT run, NULL::BIGINT FROM credential WHERE holder IS NULL;

-- From when until when an identity is there: of an agent at work since it was set up; of one that was abandoned, until
-- nothing is left that somebody gave it.
CREATE TEMP TABLE there AS
SELECT i.run, i.principal, coalesce(p.active_from, '-infinity'::TIMESTAMP) AS starts, 'infinity'::TIMESTAMP AS ends
FROM identity i LEFT JOIN principal p ON p.run = i.run AND p.id = i.principal
UNION ALL
SELECT g.run, g.principal, coalesce(p.active_from, '-infinity'::TIMESTAMP), max(a.valid_to)
FROM gone g
JOIN principal p ON p.run = g.run AND p.id = g.principal
JOIN assignment a ON a.run = g.run AND a.principal = g.principal
GROUP BY g.run, g.principal, p.active_from;

-- Who answers for an identity, from-to: a team as long as anybody known to be in it is there.
CREATE TEMP TABLE answered AS
SELECT o.run, o.owned AS principal, o.owner, o.role, t.id IS NOT NULL AS by_team, o.acknowledged,
       CASE WHEN m.run IS NULL OR o.valid_from IS NULL THEN o.valid_from
            ELSE greatest(o.valid_from, coalesce(m.valid_from, '-infinity'::TIMESTAMP)) END AS starts,
       CASE WHEN m.run IS NULL OR o.valid_to IS NULL THEN o.valid_to
            ELSE least(o.valid_to, coalesce(m.valid_to, 'infinity'::TIMESTAMP)) END AS ends
FROM ownership o
LEFT JOIN principal t ON t.run = o.run AND t.id = o.owner AND t.kind = 'team'
LEFT JOIN membership m ON m.run = t.run AND m.container = t.id
WHERE coalesce(o.valid_from < o.valid_to, true)
  AND (m.run IS NULL OR (coalesce(m.valid_from < o.valid_to, true) AND coalesce(m.valid_to > o.valid_from, true)));

-- When nobody answers for an identity, and what was before: nobody so far, a person who left, or a team without members.
-- Where it is not known since when or until when somebody answers: always at least, not at all at most. A log proves of an
-- identity that nobody answers only where its snapshot would say who does.
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
    WHERE b.bound <> 'lo' OR (t.principal IS NOT NULL
          AND NOT EXISTS (FROM shadow s WHERE s.run = t.run AND s.principal = t.principal))
), cut AS (
    SELECT t.run, t.bound, t.principal, t.starts AS since, t.ends AS until, g.run IS NULL AS never, g.team_before,
           CASE WHEN g.run IS NULL THEN t.starts WHEN g.starts IS NOT NULL THEN greatest(g.starts, t.starts) END AS starts,
           CASE WHEN g.run IS NULL THEN t.ends WHEN g.ends IS NOT NULL THEN least(g.ends, t.ends) END AS ends
    FROM listed t
    LEFT JOIN gap g ON g.run = t.run AND g.principal = t.principal AND g.bound = t.bound
)
SELECT run, bound, principal, starts, ends, until,
       CASE WHEN team_before IS NULL THEN 'never_owned' WHEN team_before THEN 'no_member' ELSE 'owner_left' END AS class
FROM cut
WHERE coalesce(starts < ends, true);

-- The days of the window, times identities: who is not known may be one of the others, so at most there are fewer of them.
CREATE TEMP VIEW agent_days AS
SELECT r.run, b.bound, nullif(CASE b.bound WHEN 'hi' THEN count(i.principal) ELSE count(i.run) END, 0) * epoch(r.t1 - r.t0) / 86400 AS days
FROM run r CROSS JOIN bounds b LEFT JOIN identity i USING (run)
GROUP BY r.run, b.bound, r.t0, r.t1;

-- When an atom was needed: by each action, from when it started, as long as it took; and by each task, from the first
-- such action to the last, without the waiting for control in between. Where a log does not tell all of that, at least
-- what was seen at that instant, and at most everything from the first use on; where events are lost, or do not say what
-- they touched, anything. A call that a log of everything gives no length is none of the plan's: whether its task needed
-- it nobody knows, but not for longer than the task went on.
CREATE TEMP VIEW unclear_need AS
SELECT n.run, n.principal, n.atom, 'lo' AS bound, n.starts, coalesce(t.ended, 'infinity'::TIMESTAMP) AS ends
FROM need n JOIN run r USING (run) LEFT JOIN task t ON t.run = n.run AND t.id = n.task
WHERE r.sees_need AND n.ends IS NULL
UNION ALL
SELECT n.run, n.principal, n.atom, 'hi', n.starts, coalesce(n.ends, n.starts)
FROM need n JOIN run r USING (run)
WHERE NOT r.sees_need
UNION ALL
SELECT n.run, n.principal, n.atom, 'lo', min(n.starts), 'infinity'::TIMESTAMP
FROM need n JOIN run r USING (run)
WHERE NOT r.sees_need AND r.sees_every_event AND r.sees_touch
GROUP BY n.run, n.principal, n.atom
UNION ALL
SELECT r.run, i.principal, k.atom, 'lo', r.t0, r.t1
FROM run r JOIN identity i USING (run) JOIN catalogue k USING (run)
WHERE NOT (r.sees_every_event AND r.sees_touch);

CREATE TEMP VIEW action_need AS
SELECT n.run, n.principal, n.atom, b.bound, n.starts, n.ends
FROM need n JOIN run r USING (run) CROSS JOIN bounds b
WHERE r.sees_need AND n.ends IS NOT NULL
UNION ALL
FROM unclear_need;

CREATE TEMP VIEW task_need AS
WITH waiting AS (
    -- Disjoint waits of each task, so that what lies between two of them is a gap.
    SELECT run, task, requested, starts, max(starts) OVER (PARTITION BY run, task ORDER BY requested, starts
                                                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM need WHERE requested < starts
), working AS (
    -- Stretches of a task in which it does not wait: up to each wait, and after the last.
    SELECT run, task, coalesce(covered, '-infinity'::TIMESTAMP) AS starts, requested AS ends
    FROM waiting WHERE covered IS NULL OR covered < requested
    UNION ALL
    SELECT run, task, max(starts), 'infinity'::TIMESTAMP FROM waiting GROUP BY run, task
), planned AS (
    FROM need WHERE ends IS NOT NULL
), whole AS (
    SELECT run, task, principal, atom, min(starts) AS starts, max(ends) AS ends
    FROM planned WHERE task IS NOT NULL GROUP BY run, task, principal, atom
), exact AS (
    -- What was done while the task waited, or for none.
    SELECT run, principal, atom, starts, ends FROM planned SEMI JOIN waiting USING (run, task)
    UNION ALL
    SELECT run, principal, atom, starts, ends FROM planned WHERE task IS NULL
    UNION ALL
    SELECT w.run, w.principal, w.atom, w.starts, w.ends
    FROM whole w ANTI JOIN waiting USING (run, task)
    UNION ALL
    SELECT w.run, w.principal, w.atom, greatest(w.starts, g.starts), least(w.ends, g.ends)
    FROM whole w JOIN working g ON g.run = w.run AND g.task = w.task AND g.starts < w.ends AND g.ends > w.starts
)
SELECT e.run, e.principal, e.atom, b.bound, e.starts, e.ends
FROM exact e JOIN run r USING (run) CROSS JOIN bounds b
WHERE r.sees_need
UNION ALL
FROM unclear_need;

-- Need without overlaps, up to the window's end. Most stretches are of one need, which opens and closes it; of the others
-- the one that closes a stretch comes next after the one that opens it.
CREATE TEMP MACRO without_overlaps(needs) AS TABLE
WITH cut AS (
    SELECT n.run, n.principal, n.atom, n.bound, n.starts, least(n.ends, r.t1) AS ends
    FROM query_table(needs) n JOIN run r USING (run)
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

-- Since the run began: what was needed before the window was not unused.
CREATE TEMP TABLE task_history AS FROM without_overlaps('task_need');
CREATE TEMP TABLE action_history AS FROM without_overlaps('action_need');

-- The same, clipped to the window.
CREATE TEMP MACRO inside_window(history) AS TABLE
SELECT n.* REPLACE (greatest(n.starts, r.t0) AS starts)
FROM query_table(history) n JOIN run r USING (run)
WHERE n.ends > r.t0 OR n.starts >= r.t0;

CREATE TEMP VIEW task_stretch AS FROM inside_window('task_history');
CREATE TEMP VIEW action_stretch AS FROM inside_window('action_history');
CREATE TEMP VIEW need_stretch AS
SELECT *, 'task' AS grain FROM task_stretch UNION ALL SELECT *, 'action' FROM action_stretch;

-- Each stretch with what came before it, so that the need inside any interval of the window is a difference of two look-ups:
-- need before t = before_us + min(t, ends) - starts, at the last stretch that began by t.
CREATE TEMP MACRO cumulated(stretches) AS TABLE
SELECT *, coalesce(sum(epoch_us(ends) - epoch_us(starts))
                   OVER (PARTITION BY run, principal, atom, bound ORDER BY starts
                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before_us
FROM query_table(stretches);

CREATE TEMP TABLE task_tally AS FROM cumulated('task_stretch');
CREATE TEMP TABLE action_tally AS FROM cumulated('action_stretch');
CREATE TEMP VIEW need_tally AS
SELECT *, 'task' AS grain FROM task_tally UNION ALL SELECT *, 'action' FROM action_tally;

-- The weighted need inside what is held, credential by credential: what there was by the end of each, less what there was by
-- its start.
CREATE TEMP MACRO needed_inside(tally) AS TABLE
WITH edge AS (
    SELECT h.run, h.bound, h.holder, h.atom, unnest([h.starts, h.ends]) AS time, unnest([-h.weight, h.weight]) AS weight
    FROM held h
    SEMI JOIN query_table(tally) n ON n.run = h.run AND n.principal = h.holder AND n.atom = h.atom AND n.bound = h.bound
    WHERE (h.scope_known OR h.bound <> 'hi') AND h.starts IS NOT NULL AND h.ends IS NOT NULL
)
SELECT e.run, e.bound, sum(e.weight * (n.before_us + epoch_us(least(e.time, n.ends)) - epoch_us(n.starts))::HUGEINT) AS weighted
FROM edge e
ASOF JOIN query_table(tally) n
    ON n.run = e.run AND n.principal = e.holder AND n.atom = e.atom AND n.bound = e.bound AND n.starts <= e.time
GROUP BY e.run, e.bound;

-- What each group adds to the estate's value, level by level: the maximum of several weights is the sum of the steps
-- between them, each as long as anything reaches that high.
CREATE TEMP VIEW layer AS
SELECT run, resource_group, weight, resources::HUGEINT * (weight - lag(weight, 1, 0) OVER (PARTITION BY run, resource_group ORDER BY weight)) AS step,
       row_number() OVER (ORDER BY run, resource_group, weight) AS layer
FROM (SELECT DISTINCT run, resource_group, resources, weight FROM catalogue);

CREATE TEMP VIEW estate AS SELECT run, sum(step) AS value FROM layer GROUP BY run;

-- The standard normal in cells an eighth wide, each by its middle and how many of a million million it holds, the outermost
-- with the tails.
CREATE TEMP VIEW normal_cell AS
SELECT n AS cell,
       [49835338052, 49448019127, 48304030314, 46455893489, 43986686225, 41003851436, 37631457092, 34001681408, 30246332879, 26489150709, 22839485272, 19387756609, 16202863480, 13331497971, 10799137994, 8612360279, 6762047911, 5227057170, 3977948951, 2980465547, 2198527729, 1596624268, 1141553939, 803550316, 556868482, 379940088, 255211660, 168775270, 109885406, 70435907, 44449932, 27616649, 16892492, 10172773, 6031257, 3520458, 2023081, 1144591, 637544, 349617, 395652][abs(n) + 1] AS parts
FROM (SELECT unnest(range(-40, 41)) AS n);

-- What of a holding verifiers refuse: a copy of a token alone, and a token with what can be copied of its key. An enforcement
-- that nobody knows of is there for what is proven, and not for what is possible. Of what a log may not show there is no upper
-- end, so none is worked out.
CREATE TEMP VIEW scoped AS
SELECT h.run, h.bound, h.credential, h.holder, h.task, h.resource_group, h.weight, h.verifier, h.since, h.starts, h.ends, h.t0, h.t1,
       c.checked AND h.binding = 'audience' AS one_audience,
       c.checked AND (h.binding IN ('key_exportable', 'key_bound', 'context_bound') OR (h.binding = 'unknown' AND h.bound = 'lo')) AS needs_key,
       c.checked AND (h.binding IN ('key_bound', 'context_bound') OR (h.binding = 'unknown' AND h.bound = 'lo')) AS key_stays
FROM held h JOIN run r USING (run), LATERAL (SELECT coalesce(h.enforced, h.bound = 'lo') AS checked) c
WHERE r.sees_scope AND (h.bound <> 'hi' OR r.sees_every_credential) AND h.starts < h.ends;

CREATE TEMP VIEW verifiers AS SELECT run, count(DISTINCT verifier) AS number FROM catalogue GROUP BY run;

-- What a copied token opens, place by place: of those verifiers that look at its audience each by itself (cell), and of all
-- others at once (-1); `parts` is how many they are.
CREATE TEMP VIEW by_copy AS
WITH strict AS (
    SELECT run, bound, holder, list(DISTINCT verifier) AS verifiers FROM scoped WHERE one_audience GROUP BY ALL
), at_each AS (
    SELECT s.*, v.number, coalesce(len(a.verifiers), 0) AS strict,
           unnest(CASE WHEN s.one_audience THEN [s.verifier] ELSE [-1] || coalesce(a.verifiers, []) END) AS cell
    FROM scoped s
    JOIN verifiers v USING (run)
    LEFT JOIN strict a ON a.run = s.run AND a.bound = s.bound AND a.holder IS NOT DISTINCT FROM s.holder
    WHERE NOT s.needs_key
)
SELECT 't1a' AS threat, cell, CASE WHEN cell = -1 THEN number - strict ELSE 1 END AS parts, run, holder AS place, bound, resource_group, weight,
       starts, ends, t0, NULL::TIMESTAMP AS seen
FROM at_each;

-- Task trees from their roots down: how many tasks are above each, and when it ended, beside whose tree it is and since when
-- (`started`) that one has been at work.
CREATE TEMP TABLE task_tree AS
WITH RECURSIVE below AS (
    SELECT run, id AS task, id AS root, 0 AS above, agent, started, started IS NOT NULL AND ended IS NULL AS open, ended
    FROM task WHERE parent IS NULL
    UNION ALL
    SELECT t.run, t.id, b.root, b.above + 1, b.agent, b.started, t.started IS NOT NULL AND t.ended IS NULL, t.ended
    FROM task t JOIN below b ON b.run = t.run AND b.task = t.parent
)
FROM below;

-- What whoever controls an agent reaches within the dwell time after t: t lies in the interval stretched back by it. Several
-- questions are asked of that, and most are the same for most agents, so that each is swept once: a `cell` is a set of them, of
-- what was issued after 1, 2 or 3 hops (1, 2, 4), of all and what an issuer would grant (8), of all without that (16). A hop is to use
-- what lies in the process, to control a sub-agent, or to have the issuer make something. What a log does not tell of hops is
-- proven at the end only.
CREATE TEMP VIEW controlled AS
WITH obtained AS (
    SELECT s.run, s.bound, s.holder AS place, s.resource_group, s.weight, s.starts, s.ends, s.t0, s.t1,
           1 << CASE WHEN s.bound = 'lo' AND NOT (r.sees_tasks AND r.sees_every_event) THEN 3
                     ELSE least(coalesce(g.above, 0), 3) END AS class
    FROM scoped s JOIN run r USING (run) LEFT JOIN task_tree g ON g.run = s.run AND g.task = s.task
    UNION ALL
    SELECT run, bound, principal, resource_group, weight, starts, ends, t0, t1, 16 FROM mintable
), question AS (
    -- Which classes each takes in: issued after so many hops, and minted.
    SELECT unnest([1, 2, 4, 8, 16]) AS question, unnest([1, 2 | 1 | 16, 4 | 2 | 1 | 16, 31, 15]) AS takes
), alike AS (
    SELECT p.run, p.bound, p.place, p.there & q.takes AS takes, bit_or(q.question) AS cell
    FROM (SELECT run, bound, place, bit_or(class) AS there FROM obtained GROUP BY ALL) p CROSS JOIN question q
    GROUP BY ALL
)
SELECT o.* EXCLUDE (class) REPLACE (o.starts - to_microseconds((getvariable('dwell_hours') * 3.6e9)::BIGINT) AS starts), a.cell
FROM obtained o JOIN alike a ON a.run = o.run AND a.bound = o.bound AND a.place IS NOT DISTINCT FROM o.place AND a.takes & o.class <> 0;

-- What is of an agent's task trees, while anything of one of them runs: a tree runs until the last of it is over, which may
-- outlive the root. Only what the agent has before that counts.
CREATE TEMP VIEW parented AS
WITH running AS (
    SELECT run, task, root, agent, started, CASE WHEN NOT bool_or(open) OVER tree THEN max(ended) OVER tree END AS ended
    FROM task_tree WHERE started IS NOT NULL WINDOW tree AS (PARTITION BY run, root)
)
SELECT s.run, s.bound, s.holder AS place, s.resource_group, s.weight, s.t0, s.t1,
       greatest(s.starts - to_microseconds((getvariable('dwell_hours') * 3.6e9)::BIGINT), l.started) AS starts,
       least(s.ends, coalesce(l.ended, s.t1)) AS ends
FROM scoped s
JOIN running l ON l.run = s.run AND l.agent = s.holder AND (l.task = s.task OR (s.task IS NULL AND l.task = l.root))
WHERE s.starts < coalesce(l.ended, s.t1);

-- What calls have left in a log, and since when (`seen`): it is in reach once that was so long ago as it takes until somebody
-- reads the log. What is older than the run was in use since it was made. An audience is that of the call which left the copy; a log
-- that loses events may have lost the first call, and of a call that does not say what it touched the audience may be any.
-- What began after it was seen, because it was given later, or before the window, is cut where others of its group begin so:
-- between two cuts (`cell`) all of them are in reach from the cut, or from so long after they were seen.
CREATE TEMP VIEW read_later AS
WITH presented AS (
    -- To each verifier, and to any of them.
    SELECT e.run, e.credential, k.verifier, grouping(k.verifier) = 1 AS anywhere, min(e.time + to_microseconds(e.clock_error)) AS seen
    FROM event e LEFT JOIN catalogue k ON k.run = e.run AND k.atom = e.atom
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.credential IS NOT NULL
    GROUP BY GROUPING SETS ((e.run, e.credential, k.verifier), (e.run, e.credential))
), copies AS (
    -- What is a hundred years old was read.
    SELECT s.run, s.bound, s.holder AS place, s.resource_group, s.weight, s.starts, s.ends, s.t0, s.t1,
           greatest(CASE WHEN s.since < r.begins OR (s.bound = 'hi' AND NOT (r.sees_every_event AND r.sees_touch)) THEN s.since ELSE p.seen END,
                    s.t0 - INTERVAL 101 YEAR) AS seen
    FROM scoped s JOIN run r USING (run)
    JOIN presented p ON p.run = s.run AND p.credential = s.credential
                    AND CASE WHEN s.one_audience THEN NOT p.anywhere AND coalesce(p.verifier = s.verifier, s.bound = 'hi') ELSE p.anywhere END
    WHERE NOT s.needs_key
), cut AS (
    SELECT run, bound, place, resource_group, list_sort(list(DISTINCT starts)) AS times
    FROM copies WHERE starts > greatest(seen, t0) GROUP BY ALL
), placed AS (
    SELECT c.*, list_filter(t.times, lambda time: time > c.starts AND time < c.ends) AS inside,
           len(list_filter(t.times, lambda time: time <= c.starts)) AS before
    FROM copies c LEFT JOIN cut t ON t.run = c.run AND t.bound = c.bound AND t.place IS NOT DISTINCT FROM c.place
                                 AND t.resource_group = c.resource_group
)
SELECT run, bound, place, resource_group, weight, t0, t1, seen, unnest([starts] || coalesce(inside, [])) AS starts,
       unnest(coalesce(inside, []) || [ends]) AS ends, coalesce(before, 0) + unnest(range(coalesce(len(inside), 0) + 1)) AS cell
FROM placed;

-- What each threat reaches, and when, a row a span and group: `place` is the agent struck, of what is copied on its way the
-- credential, of an issuer nobody. Where it is left to chance at which verifier, a cell is some of them, `parts` of all.
CREATE TEMP VIEW in_reach AS
SELECT 't1b' AS threat, 0::BIGINT AS cell, 1 AS parts, run, holder AS place, bound, resource_group, weight, starts, ends, t0, NULL::TIMESTAMP AS seen
FROM scoped WHERE NOT key_stays
UNION ALL
SELECT 'control', cell, 1, run, place, bound, resource_group, weight, starts, ends, t0, NULL FROM controlled
UNION ALL
SELECT 't3', cell, 1, run, place, bound, resource_group, weight, greatest(starts, seen), ends, t0, seen FROM read_later
UNION ALL
SELECT 't4', 0, 1, run, place, bound, resource_group, weight, starts, ends, t0, NULL FROM parented
UNION ALL
SELECT 't5', 0, 1, run, NULL, bound, resource_group, weight, starts, ends, t0, NULL FROM issuable WHERE NOT by_owner
UNION ALL
SELECT 't5_bootstrap', 0, 1, run, principal, bound, resource_group, weight, starts, ends, t0, NULL
FROM mintable WHERE bootstrap = 'static_secret' OR (bootstrap IS NULL AND bound = 'hi');

-- A credential copied on its way, without its key: from the issuer to its holder whatever it opens (cell -1), and with a
-- call to a verifier that looks at its audience what it opens there.
CREATE TEMP VIEW in_transit AS
SELECT 'copied' AS threat, unnest(CASE WHEN one_audience THEN [-1, verifier] ELSE [-1] END) AS cell, 1 AS parts, run, credential AS place, bound,
       resource_group, weight, starts, ends, t0, NULL::TIMESTAMP AS seen
FROM scoped WHERE NOT needs_key;

-- The value in reach of each place from one change to the next, since the first; of what calls have left in a log, of all that
-- was seen at one instant. Each group counts once, at its highest level: level by level without overlaps, as much as that level adds.
-- What was left in a log first is in reach first, however long it takes until that is read, so that what was left later adds only
-- what outlasts it.
CREATE TEMP MACRO radius_of(reach) AS TABLE
WITH spans AS (
    -- Many rows are sorted here: what names their lane is narrow.
    SELECT r.threat::ENUM('t1a', 't1b', 'control', 't3', 't4', 't5', 't5_bootstrap', 'copied') AS threat, r.cell, r.parts, r.run, r.place,
           r.bound::ENUM('lo', 'hi', 'exact') AS bound, r.seen, l.layer, l.step, greatest(r.starts, r.t0) AS starts, r.ends
    FROM query_table(reach) r JOIN layer l ON l.run = r.run AND l.resource_group = r.resource_group AND l.weight <= r.weight
    WHERE r.starts < r.ends
), marked AS (
    SELECT *, max(ends) OVER (PARTITION BY threat, cell, place, bound, layer ORDER BY coalesce(seen, starts), ends
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM spans
), uncovered AS (
    SELECT * REPLACE (greatest(starts, coalesce(covered, starts)) AS starts, CASE threat WHEN 't3' THEN 0 ELSE cell END AS cell)
    FROM marked WHERE ends > coalesce(covered, starts)
), edge AS (
    SELECT threat, cell, parts, run, place, bound, seen, unnest([starts, ends]) AS time, unnest([step, -step])::HUGEINT AS step
    FROM uncovered
), change AS (
    SELECT threat, cell, parts, run, place, bound, seen, time, sum(step) AS step FROM edge GROUP BY ALL HAVING sum(step) <> 0
)
SELECT threat, cell, parts, run, place, bound, seen, time AS starts, lead(time) OVER since AS ends, sum(step) OVER since AS value
FROM change WINDOW since AS (PARTITION BY threat, cell, parts, run, place, bound, seen ORDER BY time);

-- One after the other, because each takes much memory.
CREATE TEMP TABLE radius AS FROM radius_of('in_reach');
CREATE TEMP TABLE radius_by_copy AS FROM radius_of('by_copy');
CREATE TEMP TABLE radius_in_transit AS FROM radius_of('in_transit');

-- Of what lies in logs several parts, seen at several instants, may be in reach at once: between any two changes at a place,
-- what was seen first is in reach for all delays that are no longer than the time since, and each that was seen later adds to
-- that for the shorter ones. So each sum of values is in reach as long as the next is not.
CREATE TEMP VIEW in_logs AS
WITH lying AS (
    FROM radius WHERE threat = 't3' AND value > 0
), numbered AS (
    SELECT run, bound, place, seen, starts, value, time,
           dense_rank() OVER (PARTITION BY run, bound, place ORDER BY time) AS number
    FROM (SELECT *, unnest([starts, ends]) AS time FROM lying)
), stretch AS (
    SELECT run, bound, place, seen, value, unnest(range(min(number), max(number))) AS number
    FROM numbered GROUP BY run, bound, place, seen, starts, value
), instant AS (
    SELECT run, bound, place, number, time, lead(time) OVER (PARTITION BY run, bound, place ORDER BY number) AS following
    FROM (SELECT DISTINCT run, bound, place, number, time FROM numbered)
)
SELECT s.run, s.bound, i.time AS starts, i.following AS ends, s.seen, lead(s.seen) OVER sooner AS seen_next, sum(s.value) OVER sooner AS value
FROM stretch s JOIN instant i ON i.run = s.run AND i.bound = s.bound AND i.place IS NOT DISTINCT FROM s.place AND i.number = s.number
WINDOW sooner AS (PARTITION BY s.run, s.bound, s.place, s.number ORDER BY s.seen);

-- For how long, in parts times microseconds of so many parts in all (`of`), summed over places, how much is in reach. `t2` is that
-- of `t1c` and what an issuer would grant; `hops_1` to `hops_3` are what of it is within so many hops.
CREATE TEMP TABLE reach_law AS
WITH question AS (
    SELECT unnest(['hops_1', 'hops_2', 'hops_3', 't2', 't1c']) AS threat, unnest([1, 2, 4, 8, 16]) AS question
)
SELECT r.run, r.bound, r.threat, CASE r.threat WHEN 't1a' THEN v.number ELSE 1 END AS of, r.value,
       sum(r.parts * (epoch_us(r.ends) - epoch_us(r.starts))::HUGEINT) AS mass
FROM (FROM radius UNION ALL FROM radius_by_copy) r JOIN verifiers v USING (run)
WHERE r.threat IN ('t1a', 't1b', 't4', 't5', 't5_bootstrap') AND r.value > 0 GROUP BY ALL
UNION ALL
SELECT r.run, r.bound, q.threat, 1, r.value, sum((epoch_us(r.ends) - epoch_us(r.starts))::HUGEINT)
FROM radius r JOIN question q ON r.cell & q.question <> 0
WHERE r.threat = 'control' AND r.value > 0 GROUP BY ALL;

-- The same of what lies in logs.
CREATE TEMP TABLE log_law AS
WITH waiting AS (
    -- The time until somebody reads the log.
    SELECT run, 1e6 * coalesce((scenario ->> '$.leaks.found_median_s')::DOUBLE, getvariable('found_median_hours') * 3600) AS median_us,
           abs(coalesce((scenario ->> '$.leaks.found_sigma')::DOUBLE, getvariable('found_sigma'))) AS sigma
    FROM run
), passed AS (
    -- Of all delays those of so many cells and fewer: how many parts they are, and how long they are together. None is longer
    -- than a century.
    SELECT run, cell, sum(parts) OVER sooner AS parts, sum(parts * delay::HUGEINT) OVER sooner AS delays
    FROM (SELECT w.run, c.cell, c.parts, least(w.median_us * exp(c.cell / 8 * w.sigma), 3.15576e15)::BIGINT AS delay
          FROM waiting w CROSS JOIN normal_cell c)
    WINDOW sooner AS (PARTITION BY run ORDER BY cell ROWS UNBOUNDED PRECEDING)
), waited AS (
    -- Between two instants a value is in reach for as long as the time since it was seen is longer than a delay.
    SELECT run, bound, value, unnest([1, -1, -1, 1]) AS sign,
           unnest([epoch_us(ends) - epoch_us(seen), epoch_us(starts) - epoch_us(seen),
                   epoch_us(ends) - epoch_us(seen_next), epoch_us(starts) - epoch_us(seen_next)]) AS us
    FROM in_logs
), lasted AS (
    SELECT d.run, d.bound, d.value, sum(d.sign * (p.parts * d.us::HUGEINT - p.delays)) AS mass
    FROM waited d JOIN waiting w USING (run)
    JOIN passed p ON p.run = d.run AND p.cell = CASE WHEN d.us >= 3.15576e15 THEN 40
                                                     WHEN w.sigma = 0 THEN CASE WHEN d.us >= w.median_us THEN 40 END
                                                     ELSE least(40, floor(8 * ln(d.us / w.median_us) / w.sigma)) END
    WHERE d.us > 0 GROUP BY d.run, d.bound, d.value
)
SELECT run, bound, 't3' AS threat, 1000000000000 AS of, value, mass FROM lasted;

CREATE TEMP VIEW threat_law AS FROM reach_law UNION ALL FROM log_law;

-- What could be lost to a compromise, and how often one could be: `amount` is the microseconds for which so much lies at rest,
-- times `of`, or how many credentials are issued, or calls made, while so much is in reach.
CREATE TEMP TABLE at_stake AS
WITH known AS MATERIALIZED (
    SELECT run, bound, place, starts, ends, value, CASE threat WHEN 'control' THEN 't2' ELSE threat END AS threat,
           CASE threat WHEN 'control' THEN 0 ELSE cell END AS cell
    FROM radius WHERE threat = 't5_bootstrap' OR (threat = 'control' AND cell & 8 <> 0)
    UNION ALL
    SELECT run, bound, place, starts, ends, value, threat, cell FROM radius_in_transit
), call AS (
    -- A call whose clock is wrong may have been made when nothing was in reach. Of one that does not say what it touched, the
    -- verifier may be any.
    SELECT e.run, b.bound, e.time, e.credential, coalesce(c.holder, e.principal) AS agent,
           CASE WHEN coalesce(c.enforced, b.bound = 'lo') AND c.binding = 'audience'
                THEN coalesce(k.verifier, CASE b.bound WHEN 'hi' THEN -1 END) ELSE -1 END AS cell
    FROM event e
    JOIN run r USING (run)
    JOIN bounds b ON b.bound <> 'lo' OR e.clock_error = 0
    LEFT JOIN credential c ON c.run = e.run AND c.id = e.credential
    LEFT JOIN catalogue k ON k.run = e.run AND k.atom = e.atom
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.time >= r.t0 AND e.time < r.t1
), issue AS (
    -- One was issued when it began to be valid, which may have been at any time between two.
    SELECT c.run, b.bound, c.id AS credential, c.holder AS agent, CASE b.bound WHEN 'lo' THEN c.from_hi ELSE greatest(c.from_lo, r.t0) END AS time,
           CASE b.bound WHEN 'lo' THEN c.from_hi ELSE least(c.from_hi, r.t1 - INTERVAL 1 microsecond) END AS until
    FROM credential c JOIN run r USING (run) CROSS JOIN bounds b
    WHERE (c.from_lo >= r.t0 OR (b.bound = 'hi' AND c.from_hi >= r.t0)) AND (c.from_hi < r.t1 OR (b.bound = 'hi' AND c.from_lo < r.t1))
), moment AS (
    SELECT run, bound, 't2' AS threat, 'use' AS cause, 0 AS cell, agent AS place, time, time AS until FROM call
    UNION ALL
    SELECT run, bound, 'copied', 'use', cell, credential, time, time FROM call
    UNION ALL
    SELECT run, bound, 'copied', 'issue', -1, credential, time, until FROM issue
    UNION ALL
    SELECT run, bound, 't5_bootstrap', 'issue', 0, agent, time, until FROM issue
), unsure AS (
    -- Of an instant that is not known, at most what was in reach at any that it may be.
    SELECT row_number() OVER () AS number, * FROM moment WHERE time < until
), worst AS (
    SELECT u.run, u.bound, u.threat, u.cause, max(k.value) AS value
    FROM unsure u JOIN known k ON k.run = u.run AND k.bound = u.bound AND k.threat = u.threat AND k.cell = u.cell AND k.place = u.place
                              AND k.starts <= u.until AND coalesce(k.ends > u.time, true)
    GROUP BY u.number, u.run, u.bound, u.threat, u.cause
)
SELECT run, bound, threat, 'rest' AS cause, of, value, mass AS amount FROM threat_law WHERE threat IN ('t1b', 't3', 't5', 't5_bootstrap')
UNION ALL
SELECT m.run, m.bound, replace(m.threat, 'copied', 't1a'), m.cause, 1, k.value, count(*)
FROM moment m ASOF JOIN known k ON k.run = m.run AND k.bound = m.bound AND k.threat = m.threat AND k.cell = m.cell AND k.place = m.place
                               AND k.starts <= m.time
WHERE k.value > 0 AND m.time = m.until GROUP BY ALL
UNION ALL
SELECT run, bound, replace(threat, 'copied', 't1a'), cause, 1, value, count(*) FROM worst WHERE value > 0 GROUP BY ALL;

-- How often a year a compromise is to be expected for each hour, issuance or call, as the scenario says, else as given: the same
-- under every control model.
CREATE TEMP VIEW hazard AS
SELECT r.run, h.threat, h.cause, coalesce((r.scenario ->> ('$.hazards.' || h.named))::DOUBLE, h.assumed) AS rate
FROM run r CROSS JOIN (VALUES
    ('t1b', 'rest', 'process_per_hour', getvariable('process_per_hour')),
    ('t2', 'use', 'hijack_per_call', getvariable('hijack_per_call')),
    ('t1a', 'use', 'copy_per_call', getvariable('copy_per_call')),
    ('t1a', 'issue', 'copy_per_issue', getvariable('copy_per_issue')),
    ('t3', 'rest', 'log_per_hour', getvariable('log_per_hour')),
    ('t5_bootstrap', 'rest', 'host_per_hour', getvariable('host_per_hour')),
    ('t5_bootstrap', 'issue', 'host_per_issue', getvariable('host_per_issue')),
    ('t5', 'rest', 'issuer_per_hour', getvariable('issuer_per_hour'))) AS h(threat, cause, named, assumed);
