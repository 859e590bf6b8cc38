-- title: Load on issuers
-- question: How many credentials are issued and renewed, how long until one is first used, and how many never are?
-- unit: percent of issued | unused_percent; seconds | first_use_*; credentials per agent-day | issued, renewed
-- grain: run, kind
-- unfinished: what is not used yet and still accepted at the window's end may have been issued for nothing or not, and so may what a service asked for, whose use of it no log need show
-- assumes: issues and renewals logged inside the window, whoever asked for them
-- assumes: issued, renewed: on a real log by the days of the identities that it shows, so that those of whom it shows nothing are no part of the rate. unused_percent: of those issued, those not used until nobody accepts them any more, at most also what is still accepted, what a service asked for, for itself or on somebody's behalf, and what was tried when nobody knows whether it was let in
-- assumes: first_use_p50, first_use_p95: from issue to the first call let through, of those that were used by the window's end, at least to the first call of which nobody knows whether it was let through
-- assumes: a credential under which only such calls were made may have been used at any time or never
-- pool: observations | limits
-- source: friction of control: issuances as load on the issuer; just in time: the gap between issue and first use, and unused issues
WITH made AS (
    SELECT e.run, CASE WHEN e.kind = 'renew' OR e.reason = 'renewal' THEN 'renewed' ELSE 'issued' END AS kind, e.issued AS credential, min(e.time) AS time
    FROM bare_event e JOIN run r USING (run)
    WHERE e.kind IN ('issue', 'renew', 'assume') AND e.issued IS NOT NULL AND e.time >= r.t0 AND e.time < r.t1
    GROUP BY ALL
), counts AS (
    SELECT run, kind, count(*) AS credentials FROM made GROUP BY run, kind
), first_use AS (
    SELECT m.run, m.credential, m.time, min(u.time) FILTER (u.decision = 'allow') AS used,
           min(u.time) AS tried
    FROM made m
    JOIN run r USING (run)
    LEFT JOIN bare_event u ON u.run = m.run AND u.credential = m.credential AND u.kind = 'use' AND u.decision IS DISTINCT FROM 'deny'
         AND u.time >= m.time AND u.time < r.t1
    WHERE m.kind = 'issued' GROUP BY m.run, m.credential, m.time
), fates AS (
    -- One that was only tried may have been used at any time, or never.
    SELECT run, CASE WHEN used IS NOT NULL THEN (epoch_us(tried) - epoch_us(time)) / 1e6 WHEN tried IS NOT NULL THEN 0 END AS lo,
           (epoch_us(used) - epoch_us(time)) / 1e6 AS hi,
           used IS NULL AND (tried IS NOT NULL OR EXISTS (FROM lent_to_service l WHERE l.run = f.run AND l.credential = f.credential)
                             OR EXISTS (FROM held h WHERE h.run = f.run AND h.credential = f.credential AND h.bound <> 'lo'
                                        AND coalesce(h.ends >= h.t1, true))) AS open
    FROM first_use f
), observations AS (
    SELECT run, lo, hi FROM fates WHERE lo IS NOT NULL
), gaps AS (
    SELECT run, count(*) AS issued, count(*) FILTER (hi IS NULL) AS unused, count(*) FILTER (open) AS open,
           count(*) FILTER (lo < coalesce(hi, 'infinity')) AS tried,
           -- Of those that were only tried there may be none.
           CASE WHEN count(hi) > 0 THEN quantile_disc(lo, [0.5, 0.95]) END AS soonest,
           quantile_disc(coalesce(hi, 'infinity'), [0.5, 0.95]) FILTER (lo IS NOT NULL) AS latest
    FROM fates GROUP BY run
), valued AS (
    SELECT r.run, g.kind, d.bound, r.sees_credentials AND CASE WHEN g.kind IN ('issued', 'renewed') THEN r.sees_all_kept ELSE r.sees_every_event END AS whole,
           -- Where no issue is missing, but uses may be, no more than these are unused.
           whole OR (r.sees_credentials AND r.sees_all_kept AND g.kind = 'unused_percent') AS limits,
           CASE WHEN g.kind IN ('issued', 'renewed') THEN d.unsure WHEN NOT r.sees_credentials THEN 0
                WHEN g.kind = 'unused_percent' THEN coalesce(f.open, 0) ELSE coalesce(f.tried, 0) END AS open,
           CASE g.kind WHEN 'unused_percent' THEN 100.0 * (f.unused - f.open) / f.issued
                       WHEN 'first_use_p50' THEN f.soonest[1] WHEN 'first_use_p95' THEN f.soonest[2]
                       ELSE coalesce(c.credentials, 0) / d.days END AS least,
           CASE g.kind WHEN 'unused_percent' THEN 100.0 * f.unused / f.issued
                       WHEN 'first_use_p50' THEN nullif(f.latest[1], 'infinity') WHEN 'first_use_p95' THEN nullif(f.latest[2], 'infinity')
                       ELSE least END AS most,
           -- What is lost may have been an issue, or the use of what was issued.
           whole OR (r.sees_credentials AND g.kind IN ('issued', 'renewed')) AS proves
    FROM run r
    CROSS JOIN (SELECT unnest(['issued', 'renewed', 'unused_percent', 'first_use_p50', 'first_use_p95']) AS kind) g
    JOIN agent_days d USING (run)
    LEFT JOIN counts c ON c.run = r.run AND c.kind = g.kind
    LEFT JOIN gaps f ON f.run = r.run
)
SELECT run, kind, proven(CASE WHEN proves THEN least WHEN limits AND least IS NOT NULL THEN 0 END, bound) AS lo, at_most(CASE WHEN limits THEN most END, bound) AS hi,
       max(open + CASE WHEN whole THEN 0 ELSE 1 END) AS unknowns
FROM valued GROUP BY run, kind ORDER BY run, kind
