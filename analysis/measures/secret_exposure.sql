-- title: Secret exposure
-- question: For how long could somebody else use a credential that a call left lying in a log, a memory or a repository?
-- unit: count or hours per agent-day, as the row says
-- grain: run, stat
-- evidence: truth
-- unfinished: whatever is still accepted at the window's end is cut there; what leaked before the window counts inside it
-- assumes: leaks: calls in the window that left a copy, which nobody approved; shared_hours: time in which a credential of which a copy lies somewhere is accepted by any verifier; permission_hours: the same for each of its atoms at its verifier, by declared weight; found_alive_percent: of the copies that can first be found in the window, those that are accepted then. Whether the copy works without its key is asked by blast_radius (t3), not here
-- source: OWASP NHI2 secret leakage: from leak to revocation or end; a secret with more than one holder
WITH first_copy AS (
    SELECT run, credential, min(time) AS time FROM leak GROUP BY run, credential
), exposed AS (
    SELECT h.run, h.credential, h.weight, h.starts IS NULL OR h.ends IS NULL AS unclear, greatest(h.starts, f.time) AS starts, h.ends
    FROM held h JOIN first_copy f ON f.run = h.run AND f.credential = h.credential
), lives AS (
    -- All atoms of a credential begin together, so the last to end covers the others.
    SELECT run, credential, greatest(0, epoch_us(max(ends)) - epoch_us(min(starts))) AS us,
           sum(weight * greatest(0, epoch_us(ends) - epoch_us(starts))::HUGEINT) AS weighted,
           count(*) FILTER (unclear) AS unknowns
    FROM exposed GROUP BY run, credential
), totals AS (
    SELECT run, sum(us) AS us, sum(weighted) AS weighted, count(*) FILTER (unknowns > 0) AS unknowns FROM lives GROUP BY run
), copies AS (
    SELECT l.run, count(*) FILTER (l.time >= r.t0 AND l.time < r.t1) AS leaks,
           count(*) FILTER (l.found >= r.t0 AND l.found < r.t1) AS found,
           count(*) FILTER (l.found >= r.t0 AND l.found < r.t1 AND EXISTS (
               FROM held h WHERE h.run = l.run AND h.credential = l.credential AND h.starts <= l.found AND h.ends > l.found)) AS alive
    FROM leak l JOIN run r USING (run) GROUP BY l.run
), valued AS (
    SELECT r.run, s.stat, coalesce(t.unknowns, 0) AS unknowns,
           CASE s.stat WHEN 'leaks' THEN coalesce(c.leaks, 0) / d.days
                       WHEN 'found_alive_percent' THEN CASE WHEN coalesce(t.unknowns, 0) = 0 THEN 100.0 * c.alive / nullif(c.found, 0) END
                       WHEN 'shared_hours' THEN CASE WHEN coalesce(t.unknowns, 0) = 0 THEN coalesce(t.us, 0) / 3.6e9 / d.days END
                       ELSE CASE WHEN coalesce(t.unknowns, 0) = 0 THEN coalesce(t.weighted, 0) / 1e6 / 3.6e9 / d.days END
           END AS value
    FROM run r
    CROSS JOIN (SELECT unnest(['leaks', 'found_alive_percent', 'shared_hours', 'permission_hours']) AS stat) s
    JOIN agent_days d ON d.run = r.run AND d.bound = 'exact'
    LEFT JOIN totals t ON t.run = r.run
    LEFT JOIN copies c ON c.run = r.run
)
SELECT run, stat, value AS lo, value AS hi, unknowns FROM valued ORDER BY run, stat
