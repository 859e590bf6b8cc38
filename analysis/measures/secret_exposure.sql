-- title: Secret exposure
-- question: For how long could somebody else use a credential that a call left lying in a log, a memory or a repository?
-- unit: percent of copies | *_percent; credential-hours per agent-day | *shared_hours; weighted permission-hours per agent-day | *permission_hours; calls per agent-day | *leaks
-- grain: run, stat
-- evidence: truth
-- unfinished: whatever is still accepted at the window's end is cut there; what leaked before the window counts inside it
-- assumes: leaks: calls in the window that left a copy; shared_hours: time in which a credential of which a copy lies somewhere is accepted by any verifier; permission_hours: the same for each of its atoms at its verifier, by declared weight; found_alive_percent: of the copies that can first be found in the window, those that are accepted then. unapproved_*: the same of copies that were left by a call which rests on no human's yes; a yes is to a call, never to a copy. Whether the copy works without its key is asked by blast_radius (t3), not here
-- source: OWASP NHI2 secret leakage: from leak to revocation or end; a secret with more than one holder, and whether a human stood behind it
WITH copy AS (
    SELECT l.run, l.credential, l.time, l.found,
           unnest(CASE WHEN EXISTS (FROM bare_event e WHERE e.run = l.run AND e.action = l.action AND e.kind = 'use' AND e.decision = 'allow'
                                    AND e.approval IS NOT NULL) THEN [''] ELSE ['', 'unapproved_'] END) AS lineage
    FROM leak l
), first_copy AS (
    SELECT run, lineage, credential, min(time) AS time FROM copy GROUP BY run, lineage, credential
), exposed AS (
    SELECT h.run, f.lineage, h.credential, h.weight, h.starts IS NULL OR h.ends IS NULL AS unclear, greatest(h.starts, f.time) AS starts, h.ends
    FROM held h JOIN first_copy f ON f.run = h.run AND f.credential = h.credential
), lives AS (
    -- All atoms of a credential begin together, so the last to end covers the others.
    SELECT run, lineage, credential, greatest(0, epoch_us(max(ends)) - epoch_us(min(starts))) AS us,
           sum(weight * greatest(0, epoch_us(ends) - epoch_us(starts))::HUGEINT) AS weighted,
           count(*) FILTER (unclear) AS unknowns
    FROM exposed GROUP BY run, lineage, credential
), totals AS (
    SELECT run, lineage, sum(us) AS us, sum(weighted) AS weighted, count(*) FILTER (unknowns > 0) AS unknowns
    FROM lives GROUP BY run, lineage
), copies AS (
    SELECT l.run, l.lineage, count(*) FILTER (l.time >= r.t0 AND l.time < r.t1) AS leaks,
           count(*) FILTER (l.found >= r.t0 AND l.found < r.t1) AS found,
           -- What is held is so in the window.
           count(*) FILTER (EXISTS (
               FROM held h WHERE h.run = l.run AND h.credential = l.credential AND h.starts <= l.found AND h.ends > l.found)) AS alive
    FROM copy l JOIN run r USING (run) GROUP BY l.run, l.lineage
), valued AS (
    SELECT r.run, w.lineage || s.stat AS stat, coalesce(t.unknowns, 0) AS unknowns,
           CASE s.stat WHEN 'leaks' THEN coalesce(c.leaks, 0) / d.days
                       WHEN 'found_alive_percent' THEN CASE WHEN coalesce(t.unknowns, 0) = 0 THEN 100.0 * c.alive / nullif(c.found, 0) END
                       WHEN 'shared_hours' THEN CASE WHEN coalesce(t.unknowns, 0) = 0 THEN coalesce(t.us, 0) / 3.6e9 / d.days END
                       ELSE CASE WHEN coalesce(t.unknowns, 0) = 0 THEN permission_hours(coalesce(t.weighted, 0)) / d.days END
           END AS value
    FROM run r
    CROSS JOIN (SELECT unnest(['', 'unapproved_']) AS lineage) w
    CROSS JOIN (SELECT unnest(['leaks', 'found_alive_percent', 'shared_hours', 'permission_hours']) AS stat) s
    JOIN agent_days d ON d.run = r.run AND d.bound = 'exact'
    LEFT JOIN totals t ON t.run = r.run AND t.lineage = w.lineage
    LEFT JOIN copies c ON c.run = r.run AND c.lineage = w.lineage
)
SELECT run, stat, value AS lo, value AS hi, unknowns FROM valued ORDER BY run, stat
