-- title: Identity debt
-- question: What is open that somebody has to put right, how did it come about, and for how long was it open in the window?
-- unit: hours of people to put right | remediation_hours; days | age_*; item-hours per agent-day | item_hours; weighted permission-hours per agent-day | interest; items of the window | never_needed opening, never_needed inflow, never_needed outflow, outlived_task opening, outlived_task inflow, outlived_task outflow, excess_grant opening, excess_grant inflow, excess_grant outflow; items of the horizon | opening, inflow, outflow; items | *
-- grain: run, cause, stat
-- unfinished: items open at the window's end are closing and are cut there; so old are they by then
-- assumes: a balance over the horizon before the window's end, opening + inflow = outflow + closing, an item once each time it opens
-- assumes: what rests on need (never_needed, outlived_task, excess_grant) is known within the window only, so its balance is over that. unowned: an identity while nobody who is there answers for it
-- assumes: shadow: one that no inventory lists
-- assumes: never_needed: an atom while an identity holds it that never needed it in the window, which is the same at either grain but of tasks that go on beyond it
-- assumes: excess_grant: the same of what it was given to use or assume
-- assumes: outlived_task: a credential still accepted after the task it was issued for
-- assumes: outlived_agent: what an abandoned agent has left, until all of it is removed
-- assumes: overdue_rotation: a static key older than rotation_days, a rule of the beholder, whatever the control model states (rotation measures against that)
-- assumes: shared_secret: a credential that more than one has, because a person handed it over and keeps it, another than its holder was seen to use it, whoever that is, or several work as its holder
-- assumes: a copy that lies about is in secret_exposure
-- assumes: renewed_unevaluated: a credential that was renewed without a decision, or on a log with one of unknown outcome, which may be a refusal
-- assumes: unreviewed: an identity whose last review, or beginning, is longer ago than the rule, and an emergency access that nobody has looked at since it was taken. remediation_hours: the principal, closing items times declared minutes, all the sum of its causes, so that an atom granted and held without need is put right twice
-- assumes: interest: what open items let their identity, credential or atom do, as weighted permission-hours, once whatever holds it open, so that all is no sum
-- assumes: age_p50, age_p95: of closing items, since they opened, and of several runs of the items of all of them
-- assumes: what is held without need is as old as the credentials of the window that hold it. What a credential is for, beside a task, no store says, so that a purpose that nobody wrote down is no cause here. Nor is it estimated how many identities neither an inventory nor a log shows: that takes two lists of which one does not hang on the other (Chapman 1951), and who acts is the likelier listed. Whose it is to put right is told by outlive worklist, credential by credential. On a log, what comes and goes does so at least and at most as often as at any times within the bounds. What no inventory lists has no upper end, nor has what is not needed of a credential of which nobody knows the scope, nor what is shared, of which a log proves uses (and nothing of what came to be, where one of unknown outcome may have made it so before), and static keys that a person made for another
-- assumes: in a replay of a real log nobody knows what rests on owners, whom they hand keys to, grants, leavers, reviews or an inventory, nor then the sum
-- assumes: on a log what nobody is known to hold is no item of never_needed at least, for its holder may need it or hold it anyway, and then there is no most of that cause
-- parameter: horizon_days = 365 in [0, 36525] | days before the window's end over which items come and go
-- parameter: rotation_days = 90 in [0, 36525] | days after which a static key should have been replaced
-- parameter: review_days = 90 in [0, 36525] | days after which an identity should have been reviewed again
-- pool: observations | limits
-- source: ledger of items by cause, as a balance sheet; principal in remediation hours (minutes: scenario.debt), interest as the union of permission intervals that open items cover, and age
WITH living AS (
    SELECT c.run, c.id, c.kind, c.task, b.bound, CASE b.bound WHEN 'lo' THEN c.from_hi ELSE c.from_lo END AS starts,
           CASE b.bound WHEN 'lo' THEN c.to_lo ELSE c.to_hi END AS ends
    FROM accepted_credential c CROSS JOIN bounds b
), seen_again AS (
    -- An identity from one review to the next; the first begins with it.
    SELECT t.run, t.principal, t.sure, v.time AS starts, t.ends
    FROM there t JOIN bare_event v ON v.run = t.run AND v.target = t.principal AND v.kind = 'review'
    UNION ALL
    SELECT run, principal, sure, starts, ends FROM there
), reviewed AS (
    SELECT run, principal, sure, starts + to_days($review_days::INTEGER) AS starts,
           least(ends, lead(starts, 1, 'infinity'::TIMESTAMP) OVER (PARTITION BY run, principal ORDER BY starts)) AS ends
    FROM seen_again
), holding AS (
    -- What is carried from when until when, and whether who holds it never needed it: once, where both bounds are the same. Who is not
    -- known may need it, or hold it anyway.
    SELECT c.run, c.bound, c.holder, c.credential, c.atom, c.weight, c.since, c.starts, c.ends,
           NOT c.abandoned AND (c.holder IS NOT NULL OR c.bound <> 'lo')
           AND NOT EXISTS (FROM task_stretch_once n WHERE n.run = c.run AND n.principal = c.holder AND n.atom = c.atom AND n.bound = c.need_bound) AS unneeded
    FROM carried_beside_need c
), unneeded AS (
    -- Items are told apart in one bound: in both, where anything of the run is not the same in both.
    FROM (FROM holding WHERE unneeded) ANTI JOIN (FROM carried_once WHERE bound <> 'exact') o USING (run)
    UNION ALL
    SELECT h.* REPLACE (b.bound AS bound)
    FROM (FROM holding WHERE unneeded) h SEMI JOIN (FROM carried_once WHERE bound <> 'exact') o USING (run) JOIN counts_for b ON b.known = h.bound
), all_seen AS (
    SELECT run FROM run WHERE sees_every_event AND sees_touch
), needing AS (
    SELECT run, principal, atom, bound FROM task_stretch
    UNION ALL
    SELECT n.run, m.container, n.atom, n.bound
    FROM task_stretch n JOIN membership m ON m.run = n.run AND m.member = n.principal
    SEMI JOIN assignment a ON a.run = m.run AND a.principal = m.container
), opened AS (
    -- Stretches in which something is open; an item (of which identity or credential, and which atom) may have several.
    SELECT run, bound, 'unowned' AS cause, principal AS identity, NULL::BIGINT AS credential, NULL::BIGINT AS atom, starts, ends
    FROM unanswered
    UNION ALL
    SELECT t.run, b.bound, 'shadow', t.principal, NULL, NULL, t.starts, t.ends
    FROM there t JOIN shadow s USING (run, principal) JOIN bounds b ON b.bound <> 'lo' OR t.sure
    UNION ALL
    SELECT run, bound, 'never_needed', holder, NULL, atom, since, ends FROM unneeded
    UNION ALL
    SELECT a.run, b.bound, 'excess_grant', a.principal, NULL, s.atom, a.valid_from, a.valid_to
    FROM assignment a
    JOIN scope_set_atom s ON s.run = a.run AND s.scope_set = a.scope_set AND s.effect = 'allow'
    JOIN bounds b ON b.bound <> 'lo' OR NOT s.conditional
    ANTI JOIN gone g ON g.run = a.run AND g.principal = a.principal
    -- What sessions of a role need, that needs; and what they are given by it is one grant. Nobody who is not measured is known to
    -- need nothing, unless all that happened is seen.
    WHERE a.role IS NULL AND (b.bound <> 'lo' OR EXISTS (FROM all_seen r WHERE r.run = a.run)
                              OR EXISTS (FROM identity i WHERE i.run = a.run AND i.principal = a.principal))
      AND NOT EXISTS (FROM needing n WHERE n.run = a.run AND n.principal = a.principal AND n.atom = s.atom AND n.bound = b.bound)
    UNION ALL
    SELECT h.run, h.bound, 'outlived_task', NULL, h.credential, NULL, CASE WHEN h.since IS NOT NULL THEN greatest(h.since, t.ended) END, h.ends
    FROM held h JOIN task t ON t.run = h.run AND t.id = h.task AND t.ended IS NOT NULL
    UNION ALL
    SELECT t.run, b.bound, 'outlived_agent', t.principal, NULL, NULL, g.since, t.ends
    FROM there t JOIN gone g USING (run, principal) CROSS JOIN bounds b
    UNION ALL
    SELECT run, bound, 'overdue_rotation', NULL, id, NULL, starts + to_days($rotation_days::INTEGER), ends
    FROM living WHERE is_standing_key(kind)
    UNION ALL
    SELECT c.run, c.bound, 'shared_secret', NULL, c.id, NULL,
           CASE WHEN c.starts IS NOT NULL AND s.starts IS NOT NULL THEN greatest(c.starts, s.starts) END,
           CASE WHEN c.ends IS NOT NULL AND s.ends IS NOT NULL THEN least(c.ends, s.ends) END
    FROM living c JOIN shared_credential s ON s.run = c.run AND s.credential = c.id AND s.bound = c.bound
    UNION ALL
    SELECT c.run, c.bound, 'renewed_unevaluated', NULL, c.id, NULL, c.starts, c.ends
    FROM living c
    JOIN renewed w ON w.run = c.run AND w.issued = c.id AND coalesce(w.silent, c.bound = 'hi')
    UNION ALL
    SELECT v.run, b.bound, 'unreviewed', v.principal, NULL, NULL, v.starts, v.ends
    FROM reviewed v JOIN bounds b ON b.bound <> 'lo' OR v.sure
    UNION ALL
    SELECT c.run, c.bound, 'unreviewed', NULL, c.id, NULL, c.starts, coalesce(min(v.time), 'infinity'::TIMESTAMP)
    FROM living c LEFT JOIN bare_event v ON v.run = c.run AND v.kind = 'review' AND v.issued = c.id
    WHERE c.kind = 'break_glass'
    GROUP BY c.run, c.bound, c.id, c.starts
), causes AS (
    -- `bounded`: a log of everything shows all of them, but for copies, and for what a credential carries of which the scope or the holder is not known.
    SELECT r.run, c.cause, r.t0, r.t1,
           CASE WHEN c.cause IN ('never_needed', 'outlived_task', 'excess_grant') THEN r.t0
                ELSE least(r.t0, r.t1 - to_days($horizon_days::INTEGER)) END AS since,
           r.sees_credentials, r.begins <= r.t1 - to_days($horizon_days::INTEGER) AS sees_horizon,
           (r.scenario ->> ('$.debt.' || c.cause))::DECIMAL(18, 6) AS each_minutes,
           CASE WHEN c.cause = 'unowned' THEN NOT r.sees_inventory ELSE r.sees_every_credential
                AND c.cause NOT IN ('shadow', 'excess_grant', 'outlived_agent', 'shared_secret', 'unreviewed')
                AND (c.cause <> 'never_needed' OR r.run NOT IN (SELECT run FROM unscoped UNION SELECT run FROM unheld)) END AS bounded,
           CASE WHEN c.cause IN ('unowned', 'shadow', 'excess_grant', 'outlived_agent', 'shared_secret', 'unreviewed') AND is_rebuilt(r.scenario) THEN false
                WHEN c.cause IN ('overdue_rotation', 'shared_secret') THEN r.sees_credentials
                WHEN c.cause = 'outlived_task' THEN r.sees_tasks AND r.sees_credentials
                WHEN c.cause = 'renewed_unevaluated' THEN r.sees_decisions AND r.sees_every_credential
                WHEN c.cause = 'unreviewed' THEN r.sees_scope AND r.sees_reviews
                WHEN c.cause = 'shadow' THEN r.sees_inventory
                ELSE r.sees_scope END AS seen
    FROM run r
    CROSS JOIN (SELECT unnest(['unowned', 'shadow', 'never_needed', 'excess_grant', 'outlived_task', 'outlived_agent',
                               'overdue_rotation', 'shared_secret', 'renewed_unevaluated', 'unreviewed']) AS cause) c
), framed AS (
    -- Many are sorted: what names an item is narrow.
    SELECT o.* REPLACE (narrow(o.bound) AS bound,
                        o.cause::ENUM('unowned', 'shadow', 'never_needed', 'excess_grant', 'outlived_task', 'outlived_agent',
                                      'overdue_rotation', 'shared_secret', 'renewed_unevaluated', 'unreviewed') AS cause)
    FROM opened o JOIN causes c USING (run, cause)
    WHERE c.seen AND coalesce(o.starts < c.t1, true) AND coalesce(o.starts < o.ends, true)
      AND (o.starts IS NOT NULL OR coalesce(o.ends > c.since, true))
), edge AS (
    -- An item that is open without a break, whatever holds it open: where that begins and where it ends, which is mostly one row.
    SELECT run, bound, cause, identity, credential, atom, starts, max(ends) OVER (along ROWS UNBOUNDED PRECEDING) AS reached,
           coalesce(starts > max(ends) OVER (along ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS opens,
           coalesce(lead(starts) OVER (along) > reached, true) AS closes
    FROM framed WHERE starts IS NOT NULL AND ends IS NOT NULL
    WINDOW along AS (PARTITION BY run, bound, cause, identity, credential, atom ORDER BY starts, ends)
), merged AS (
    SELECT e.*, c.t0, c.t1, c.since
    FROM (SELECT run, bound, cause, identity, credential, atom, starts, reached AS ends FROM edge WHERE opens AND closes
          UNION ALL
          SELECT run, bound, cause, identity, credential, atom, starts, ends
          FROM (SELECT *, lead(reached) OVER (PARTITION BY run, bound, cause, identity, credential, atom ORDER BY starts, closes) AS ends
                FROM edge WHERE opens <> closes)
          WHERE opens
          UNION ALL
          -- Once each.
          SELECT DISTINCT run, bound, cause, identity, credential, atom, starts, ends FROM framed WHERE starts IS NULL OR ends IS NULL) e
    JOIN causes c USING (run, cause)
    WHERE coalesce(e.ends > c.since, true)
), standing AS (
    -- How old what is open at the end is by then; what began before anything is known is older than any of it.
    SELECT run, cause, bound, CASE WHEN isfinite(starts) THEN (epoch_us(t1) - epoch_us(starts)) / 8.64e10 ELSE 'infinity'::DOUBLE END AS age
    FROM merged WHERE ends >= t1 AND starts IS NOT NULL
), observations AS (
    SELECT run, cause, age AS lo, age AS hi FROM standing WHERE bound = 'exact'
    UNION ALL
    -- Of as many in both bounds, the youngest of one beside that of the other.
    SELECT run, cause, unnest(list_sort(list(age) FILTER (bound = 'lo'))), unnest(list_sort(list(age) FILTER (bound = 'hi')))
    FROM standing GROUP BY run, cause
    UNION ALL
    -- Where a log does not show all that is open, nobody knows how old the rest is.
    SELECT c.run, c.cause, NULL, NULL FROM causes c JOIN bounds b ON b.bound = 'lo' WHERE (c.seen AND c.bounded) IS NOT TRUE
), exposed AS (
    -- What a credential carries while an item is open of it, or of who holds it; `always`, because who holds it never needed it.
    SELECT run, open_in AS bound, cause, credential, atom, weight, unneeded AND n.seen AS always,
           CASE WHEN starts IS NOT NULL AND opens IS NOT NULL THEN greatest(starts, opens) END AS starts,
           CASE WHEN ends IS NOT NULL AND closes IS NOT NULL THEN least(ends, closes) END AS ends
    FROM (SELECT c.*, m.bound AS open_in, m.cause, m.starts AS opens, m.ends AS closes
          FROM holding c JOIN merged m ON m.run = c.run AND c.bound IN (m.bound, 'exact') AND m.credential = c.credential
          UNION ALL
          SELECT c.*, m.bound, m.cause, m.starts, m.ends
          FROM holding c JOIN (FROM merged WHERE credential IS NULL AND atom IS NULL) m
              ON m.run = c.run AND c.bound IN (m.bound, 'exact') AND m.identity IS NOT DISTINCT FROM c.holder
          UNION ALL
          SELECT c.*, m.bound, m.cause, m.starts, m.ends
          FROM holding c JOIN (FROM merged WHERE cause = 'excess_grant') m
              ON m.run = c.run AND c.bound IN (m.bound, 'exact') AND m.identity = c.holder AND m.atom = c.atom)
    JOIN (SELECT run, seen FROM causes WHERE cause = 'never_needed') n USING (run)
), never_needed AS (
    SELECT h.* FROM holding h JOIN causes c ON c.run = h.run AND c.cause = 'never_needed' AND c.seen WHERE h.unneeded
), emergency AS (
    SELECT DISTINCT run, bound, credential FROM merged WHERE cause = 'unreviewed' AND credential IS NOT NULL
), weighed AS (
    -- What one cause covers of a holding does not overlap, but for an emergency access that nobody looked at of somebody who was
    -- not reviewed either.
    SELECT run, bound, cause, weight * (epoch_us(ends) - epoch_us(starts))::HUGEINT AS weighted
    FROM exposed ANTI JOIN emergency USING (run, bound, credential) WHERE starts < ends
    UNION ALL
    SELECT run, bound, cause, weight * greatest(0, epoch_us(ends) - epoch_us(greatest(starts, covered)))::HUGEINT
    FROM (SELECT *, max(ends) OVER (PARTITION BY run, bound, credential, atom, cause ORDER BY starts, ends
                                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
          FROM exposed SEMI JOIN emergency USING (run, bound, credential) WHERE starts < ends)
    UNION ALL
    -- What any cause covers of it; of what nobody needed that is all.
    SELECT run, bound, 'all', weight * greatest(0, epoch_us(ends) - epoch_us(greatest(starts, covered)))::HUGEINT
    FROM (SELECT *, max(ends) OVER (PARTITION BY run, bound, credential, atom ORDER BY starts, ends
                                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
          FROM exposed WHERE starts < ends AND NOT always)
    UNION ALL
    SELECT run, bound, unnest(['never_needed', 'all']), weight * (epoch_us(ends) - epoch_us(starts))::HUGEINT FROM never_needed WHERE starts < ends
), unweighed AS (
    SELECT run, bound, cause, count(*) AS unknowns
    FROM (SELECT DISTINCT run, bound, unnest([cause, 'all']) AS cause, credential, atom, weight, starts, ends
          FROM (SELECT run, bound, cause, credential, atom, weight, starts, ends FROM exposed
                UNION ALL
                SELECT n.run, b.bound, 'never_needed', n.credential, n.atom, n.weight, n.starts, n.ends
                FROM never_needed n JOIN counts_for b ON b.known = n.bound)
          WHERE starts IS NULL OR ends IS NULL)
    GROUP BY run, bound, cause
), interest AS (
    SELECT run, bound, cause, i.weighted, coalesce(u.unknowns, 0) AS unknowns
    FROM (SELECT w.run, b.bound, w.cause, sum(w.weighted) AS weighted
          FROM (SELECT run, bound, cause, sum(weighted) AS weighted FROM weighed GROUP BY run, bound, cause) w
          JOIN counts_for b ON b.known = w.bound
          GROUP BY w.run, b.bound, w.cause) i
    FULL JOIN unweighed u USING (run, bound, cause)
), counted AS (
    SELECT run, bound, cause, count(*) FILTER (starts IS NULL OR ends IS NULL) AS unknowns,
           count(*) FILTER (starts <= since) AS opening, count(*) FILTER (starts > since) AS inflow,
           count(*) FILTER (ends < t1) AS outflow, count(*) FILTER (ends >= t1) AS closing,
           sum(exposed_us(starts, ends, t0, t1))::HUGEINT / 3.6e9 AS item_hours,
           quantile_disc(CASE WHEN NOT isfinite(starts) THEN 'infinity'::DOUBLE ELSE epoch_us(t1) - epoch_us(starts) END, [0.5, 0.95])
           FILTER (ends >= t1) AS ages
    FROM merged GROUP BY run, bound, cause
), certain AS (
    -- What comes and goes for certain: of what may be open and is open at some time, where before or after nothing may be.
    SELECT h.run, h.cause, count(*) FILTER (h.starts > h.since) AS inflow, count(*) FILTER (h.ends < h.t1) AS outflow
    FROM (FROM merged WHERE bound = 'hi') h
    SEMI JOIN (FROM merged WHERE bound = 'lo') l
        ON l.run = h.run AND l.cause = h.cause AND l.identity IS NOT DISTINCT FROM h.identity
       AND l.credential IS NOT DISTINCT FROM h.credential AND l.atom IS NOT DISTINCT FROM h.atom AND l.starts >= h.starts AND l.ends <= h.ends
    -- What nobody is known to hold may go before any other of the same atom, or on after it.
    WHERE h.cause <> 'never_needed' OR NOT EXISTS (FROM carried_once c WHERE c.run = h.run AND c.atom = h.atom AND c.holder IS NULL)
    GROUP BY h.run, h.cause
), piece AS (
    -- What holds an item open by itself: of what is held without need each credential.
    SELECT run, bound, cause, identity, credential, atom, starts, max(ends) AS ends
    FROM (SELECT run, bound, 'never_needed' AS cause, holder AS identity, credential, atom, since AS starts, ends FROM unneeded
          UNION ALL
          SELECT run, bound, cause, identity, credential, atom, starts, ends FROM framed WHERE cause <> 'never_needed') p
    JOIN causes c USING (run, cause)
    WHERE p.bound <> 'exact' AND p.ends > c.since
    GROUP BY ALL
), besides AS (
    -- Each that is not certain to be open at any time may come and go besides what is. In between those who may answer for an
    -- identity it may come and go as often as nobody knows.
    SELECT h.run, h.cause, CASE WHEN h.cause <> 'unowned' THEN count(*) END AS items
    FROM (FROM piece WHERE bound = 'hi') h
    ANTI JOIN (FROM piece WHERE bound = 'lo') l
        ON l.run = h.run AND l.cause = h.cause AND l.identity IS NOT DISTINCT FROM h.identity
       AND l.credential IS NOT DISTINCT FROM h.credential AND l.atom IS NOT DISTINCT FROM h.atom AND l.starts >= h.starts AND l.ends <= h.ends
       AND (h.cause <> 'unowned' OR (l.starts = h.starts AND l.ends = h.ends))
    GROUP BY h.run, h.cause
), flowing AS (
    SELECT c.* REPLACE (CASE WHEN c.bound = 'hi' THEN coalesce(l.inflow, 0) + CASE WHEN m.run IS NULL THEN 0 ELSE m.items END
                             WHEN c.bound = 'lo' THEN coalesce(s.inflow, 0) ELSE c.inflow END AS inflow,
                        CASE WHEN c.bound = 'hi' THEN coalesce(l.outflow, 0) + CASE WHEN m.run IS NULL THEN 0 ELSE m.items END
                             WHEN c.bound = 'lo' THEN coalesce(s.outflow, 0) ELSE c.outflow END AS outflow)
    FROM counted c
    LEFT JOIN counted l ON l.run = c.run AND l.cause = c.cause AND l.bound = 'lo'
    LEFT JOIN certain s ON s.run = c.run AND s.cause = c.cause
    LEFT JOIN besides m ON m.run = c.run AND m.cause = c.cause
), totals AS (
    SELECT c.* REPLACE (b.bound AS bound) FROM flowing c JOIN counts_for b ON b.known = c.bound
), stated AS (
    -- Of keys and grants a log proves those that it shows; how many more there are it does not say, nor of a time before it
    -- began what came and went.
    SELECT c.*, d.bound, d.days, d.unsure, coalesce(t.unknowns, 0) AS unknowns, coalesce(t.opening, 0) AS opening,
           CASE WHEN t.run IS NULL THEN 0 ELSE t.inflow END AS inflow, CASE WHEN t.run IS NULL THEN 0 ELSE t.outflow END AS outflow,
           coalesce(t.closing, 0) AS closing, coalesce(t.item_hours, 0) AS item_hours, t.ages,
           (coalesce(t.closing, 0) * c.each_minutes)::DOUBLE / 60 AS remediation_hours
    FROM causes c
    JOIN agent_days d USING (run)
    LEFT JOIN totals t ON t.run = c.run AND t.cause = c.cause AND t.bound = d.bound
    UNION ALL BY NAME
    SELECT c.run, 'all' AS cause, bool_or(c.sees_credentials) AS sees_credentials, NULL::BOOLEAN AS sees_horizon,
           bool_and(c.bounded AND c.seen) AS bounded,
           CASE d.bound WHEN 'exact' THEN bool_and(c.seen) ELSE bool_or(c.seen) END AS seen, d.bound, d.days, d.unsure,
           sum(coalesce(t.unknowns, 0))::BIGINT AS unknowns, (sum(coalesce(t.closing, 0) * c.each_minutes) FILTER (c.seen))::DOUBLE / 60 AS remediation_hours
    FROM causes c
    JOIN agent_days d USING (run)
    LEFT JOIN totals t ON t.run = c.run AND t.cause = c.cause AND t.bound = d.bound
    GROUP BY c.run, d.bound, d.days, d.unsure
), valued AS (
    SELECT s.run, s.cause, g.stat, s.bound,
           s.unknowns + CASE WHEN g.stat = 'interest' THEN coalesce(i.unknowns, 0) ELSE 0 END
           + CASE WHEN s.bound = 'exact' AND NOT s.seen THEN 1 ELSE 0 END
           + CASE WHEN s.cause IN ('never_needed', 'unowned', 'outlived_task', 'shared_secret', 'unreviewed', 'all') OR g.stat IN ('item_hours', 'interest') THEN s.unsure ELSE 0 END
           + CASE WHEN s.cause IN ('never_needed', 'excess_grant', 'all') THEN coalesce(q.needs, 0) ELSE 0 END
           + CASE WHEN s.cause IN ('shared_secret', 'all') THEN coalesce(o.calls, 0) + coalesce(n.calls, 0) ELSE 0 END
           + CASE WHEN s.cause IN ('renewed_unevaluated', 'all') THEN coalesce(w.renewals, 0) ELSE 0 END AS unknowns,
           CASE WHEN s.seen AND s.unknowns = 0 AND (s.bound <> 'hi' OR s.bounded)
                 AND (s.bound = 'exact' OR s.sees_horizon OR g.stat NOT IN ('opening', 'inflow', 'outflow'))
                 -- A use of unknown outcome, or of nobody known, may have made another one share it before.
                 AND (s.bound = 'exact' OR (o.calls IS NULL AND n.calls IS NULL) OR s.cause <> 'shared_secret' OR g.stat <> 'inflow')
                THEN CASE g.stat
                     WHEN 'opening' THEN s.opening WHEN 'inflow' THEN s.inflow WHEN 'outflow' THEN s.outflow WHEN 'closing' THEN s.closing
                     WHEN 'item_hours' THEN s.item_hours / s.days
                     WHEN 'remediation_hours' THEN s.remediation_hours
                     WHEN 'interest' THEN CASE WHEN s.sees_credentials AND coalesce(i.unknowns, 0) = 0 AND (s.bound <> 'hi' OR u.run IS NULL)
                                               THEN permission_hours(coalesce(i.weighted, 0)) / s.days END
                     -- Ages of some bound those of all only where those are all.
                     ELSE CASE WHEN s.bound = 'exact' OR (s.bounded AND count(DISTINCT s.closing) OVER (PARTITION BY s.run, s.cause, g.stat) = 1)
                               THEN s.ages[CASE g.stat WHEN 'age_p50' THEN 1 ELSE 2 END] / 8.64e10 END
                     END
           END AS value
    FROM stated s
    CROSS JOIN (SELECT unnest(['opening', 'inflow', 'outflow', 'closing', 'item_hours', 'remediation_hours', 'interest',
                               'age_p50', 'age_p95']) AS stat) g
    LEFT JOIN interest i ON i.run = s.run AND i.cause = s.cause AND i.bound = s.bound
    LEFT JOIN unscoped u ON u.run = s.run
    LEFT JOIN doubtful_need q ON q.run = s.run
    LEFT JOIN doubtful_calls o ON o.run = s.run
    LEFT JOIN unnamed_calls n ON n.run = s.run
    LEFT JOIN (SELECT run, count(*) AS renewals FROM renewed WHERE silent IS NULL GROUP BY run) w ON w.run = s.run
    WHERE s.cause <> 'all' OR g.stat IN ('remediation_hours', 'interest')
), known AS (
    SELECT * REPLACE (CASE WHEN isfinite(value) THEN value END AS value) FROM valued
)
SELECT run, cause, stat, proven(value, bound) AS lo, at_most(value, bound) AS hi, max(unknowns) AS unknowns
FROM known GROUP BY run, cause, stat ORDER BY run, cause, stat
