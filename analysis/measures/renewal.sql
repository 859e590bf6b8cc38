-- title: Renewal
-- question: How many renewals asked nobody, how many would have been given less if somebody had been asked, and how much authority did they carry past a change of policy?
-- unit: percent of renewals | silent_percent; percent of silent renewals | outdated_percent; weighted permission-hours per agent-day | carried
-- grain: run, stat
-- unfinished: renewals in the window count; whatever is still valid at the window's end is cut there
-- assumes: silent_percent: nobody had said yes by then to going on with the credential that is renewed; outdated_percent: of these, those of which the assignments of the holder no longer say some atom by then, so that whoever evaluated it would have given less; a holder of whom no assignment is known is left out. carried: while a silently renewed credential, or what that was renewed to in turn, is accepted under a policy that came into force after the last decision, or after the first issue where nobody has decided since. No percentage where nothing was renewed. On a log a decision of unknown outcome may be a yes or not
-- counts: tallied
-- source: renewal without evaluation: authority that outlives the decision it rests on
WITH RECURSIVE renewals AS (
    SELECT w.*, w.time >= r.t0 AND w.time < r.t1 AS inside FROM renewed w JOIN run r USING (run) WHERE w.credential IS NOT NULL
), given AS (
    SELECT DISTINCT a.run, a.principal, s.atom, s.conditional, a.valid_from, a.valid_to
    FROM assignment a JOIN scope_set_atom s ON s.run = a.run AND s.scope_set = a.scope_set AND s.effect = 'allow'
), atoms AS (
    -- Whether the holder's assignments say an atom of what is renewed: certainly, whichever renewals were silent, or maybe.
    SELECT w.run, w.issued, s.atom, bool_or(w.silent) AS sure, bool_or(w.silent IS NULL) AS unclear,
           CASE WHEN sure THEN bool_or(w.silent AND g.valid_from <= w.time AND g.valid_to > w.time AND NOT g.conditional)
                ELSE bool_or(g.valid_from <= w.time AND g.valid_to > w.time AND NOT g.conditional) AND NOT several(w.time) END AS certain,
           bool_or(c.holder IS NULL OR (g.atom IS NOT NULL AND coalesce(g.valid_from <= w.time, true) AND coalesce(g.valid_to > w.time, true))) AS maybe
    FROM renewals w
    JOIN credential c ON c.run = w.run AND c.id = w.issued
    JOIN scope_set_atom s ON s.run = c.run AND s.scope_set = c.scope_set AND s.effect = 'allow'
    LEFT JOIN given g ON g.run = c.run AND g.principal = c.holder AND g.atom = s.atom
    WHERE w.inside AND w.silent IS NOT FALSE
      AND CASE WHEN c.holder IS NULL THEN c.run IN (SELECT run FROM given) ELSE (c.run, c.holder) IN (SELECT run, principal FROM given) END
    GROUP BY w.run, w.issued, s.atom
), judged AS (
    SELECT run, bool_or(unclear) AS unclear, bool_or(sure) IS NULL AS doubtful,
           CASE WHEN bool_or(NOT maybe) THEN true WHEN bool_and(coalesce(certain, false)) THEN false END AS outdated
    FROM atoms GROUP BY run, issued
), shares AS (
    SELECT run, count(*) FILTER (unclear) AS unclear, least_percent(outdated, doubtful) AS least, most_percent(outdated, doubtful) AS most
    FROM judged GROUP BY run
), numbers AS (
    SELECT run, count(*) AS renewals, count(*) FILTER (silent) AS silent, count(*) FILTER (silent IS NULL) AS doubtful
    FROM renewals WHERE inside GROUP BY run
), tallied AS (
    SELECT run, 'silent_percent' AS stat, silent AS hits, renewals AS trials FROM numbers
), rests AS (
    -- Since when what a credential may do has been decided: what begins a chain when it was made, at the latest where that is least, then
    -- each decision; of unknown outcome the one that leaves it later, or sooner.
    SELECT c.run, c.id AS credential, b.bound, CASE b.bound WHEN 'lo' THEN c.from_hi ELSE c.from_lo END AS decided
    FROM credential c CROSS JOIN bounds b ANTI JOIN renewals w ON w.run = c.run AND w.issued = c.id AND w.credential <> c.id
    UNION
    SELECT w.run, w.issued, s.bound,
           CASE WHEN coalesce(w.silent, CASE s.bound WHEN 'lo' THEN s.decided > w.time ELSE coalesce(s.decided < w.time, true) END) THEN s.decided ELSE w.time END
    FROM renewals w JOIN rests s ON s.run = w.run AND s.credential = w.credential
), adrift AS (
    -- Renewed silently from what is not in the record, or from what begins at no known time: since when nobody knows.
    SELECT DISTINCT w.run, w.issued AS credential
    FROM renewals w SEMI JOIN credential c ON c.run = w.run AND c.id = w.issued
    ANTI JOIN rests s ON s.run = w.run AND s.credential = w.issued AND s.bound <> 'lo' AND s.decided IS NOT NULL
    WHERE w.silent IS NOT FALSE
), changed AS (
    SELECT s.run, s.credential, s.bound, min(p.valid_from) AS since
    FROM rests s
    JOIN renewals w ON w.run = s.run AND w.issued = s.credential AND coalesce(w.silent, s.bound = 'hi')
    JOIN policy p ON p.run = s.run AND p.valid_from > s.decided
    GROUP BY s.run, s.credential, s.bound
), past_change AS (
    SELECT h.run, h.bound, sum(h.weight * greatest(0, epoch_us(h.ends) - epoch_us(greatest(h.starts, g.since)))::HUGEINT) AS weighted
    FROM held h JOIN changed g USING (run, credential, bound) WHERE h.scope_known OR h.bound <> 'hi' GROUP BY h.run, h.bound
), hours AS (
    SELECT r.run, b.bound, coalesce(v.credentials, 0) + coalesce(u.credentials, 0) + coalesce(a.credentials, 0) + coalesce(q.renewals, 0) + d.unsure AS unknowns,
           CASE WHEN v.credentials IS NULL AND (b.bound <> 'hi' OR u.credentials IS NULL) AND (b.bound = 'lo' OR a.credentials IS NULL) THEN permission_hours(coalesce(c.weighted, 0)) / d.days END AS value
    FROM run r
    CROSS JOIN bounds b
    JOIN agent_days d ON d.run = r.run AND d.bound = b.bound
    LEFT JOIN past_change c ON c.run = r.run AND c.bound = b.bound
    LEFT JOIN unscoped u ON u.run = r.run
    LEFT JOIN (SELECT run, count(*) AS credentials FROM adrift GROUP BY run) a ON a.run = r.run
    LEFT JOIN (SELECT run, count(*) AS renewals FROM renewals WHERE silent IS NULL GROUP BY run) q ON q.run = r.run
    LEFT JOIN unknown_validity v ON v.run = r.run AND v.bound = b.bound
), totals AS (
    SELECT run, proven(value, bound) AS least, at_most(value, bound) AS most, max(unknowns) AS unknowns FROM hours GROUP BY run
), valued AS (
    SELECT r.run, g.stat, r.sees_credentials AND r.sees_decisions AND r.sees_every_event AND (g.stat <> 'outdated_percent' OR r.sees_scope) AS seen,
           CASE g.stat WHEN 'silent_percent' THEN 100.0 * n.silent / n.renewals
                       WHEN 'outdated_percent' THEN s.least
                       WHEN 'carried' THEN t.least END AS lo,
           CASE g.stat WHEN 'outdated_percent' THEN s.most WHEN 'carried' THEN t.most ELSE 100.0 * (n.silent + n.doubtful) / n.renewals END AS hi,
           CASE g.stat WHEN 'outdated_percent' THEN coalesce(s.unclear, 0) + coalesce(h.credentials, 0) WHEN 'carried' THEN t.unknowns ELSE coalesce(n.doubtful, 0) END AS unknowns
    FROM run r
    CROSS JOIN (SELECT unnest(['silent_percent', 'outdated_percent', 'carried']) AS stat) g
    LEFT JOIN numbers n USING (run)
    LEFT JOIN shares s USING (run)
    LEFT JOIN totals t USING (run)
    LEFT JOIN unheld h USING (run)
)
SELECT run, stat, CASE WHEN seen THEN lo END AS lo, CASE WHEN seen THEN hi END AS hi,
       (unknowns + CASE WHEN seen THEN 0 ELSE 1 END)::BIGINT AS unknowns
FROM valued ORDER BY run, stat
