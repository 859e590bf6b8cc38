-- title: Blast radius
-- question: Which share of the estate could an attacker change or read after taking one agent's process?
-- unit: percent of the estate's declared value
-- grain: run, threat
-- unfinished: whatever is still valid at the window's end is cut there
-- assumes: potential, not realised; an instant uniform over the window and an agent chosen alike; t1b: what was valid in the process at that instant, with its keys; t2: whatever the agent holds or its issuer would grant within the dwell time; finding nothing counts as zero
-- parameter: dwell_hours = 1 | hours from compromise to containment
-- source: each group once at its highest level, integrated exactly over time (layer-cake representation of the maximum)
WITH scoped AS (
    FROM held SEMI JOIN (FROM run WHERE sees_scope) USING (run)
), reach AS (
    SELECT 't1b' AS threat, run, holder AS principal, bound, resource_group, weight, starts, ends, t0, t1 FROM scoped
    UNION ALL
    -- Reached within [t, t + dwell] if and only if t lies in the interval stretched back by the dwell time.
    SELECT 't2', run, holder, bound, resource_group, weight, starts - to_microseconds(($dwell_hours * 3.6e9)::BIGINT), ends, t0, t1
    FROM scoped
    UNION ALL
    SELECT 't2', run, principal, bound, resource_group, weight, starts - to_microseconds(($dwell_hours * 3.6e9)::BIGINT), ends, t0, t1
    FROM mintable
), layer AS (
    -- The maximum of several weights is the sum of the steps between them, each as long as anything reaches that high.
    SELECT run, resource_group, weight, resources * (weight - lag(weight, 1, 0) OVER (PARTITION BY run, resource_group ORDER BY weight)) AS step
    FROM (SELECT DISTINCT run, resource_group, resources, weight FROM catalogue)
), spans AS (
    SELECT r.threat, r.run, r.principal, r.bound, l.resource_group, l.weight, l.step, greatest(r.starts, r.t0) AS starts, r.ends
    FROM reach r JOIN layer l ON l.run = r.run AND l.resource_group = r.resource_group AND l.weight <= r.weight
), marked AS (
    SELECT *, max(ends) OVER (PARTITION BY threat, run, principal, bound, resource_group, weight ORDER BY starts, ends
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM spans
), totals AS (
    SELECT threat, run, bound,
           sum(step * greatest(0, epoch_us(ends) - epoch_us(greatest(starts, coalesce(covered, starts))))::HUGEINT) AS value_us
    FROM marked GROUP BY ALL
), estate AS (
    SELECT run, sum(step) AS value FROM layer GROUP BY run
), shares AS (
    SELECT r.run, g.threat, b.bound, coalesce(v.credentials, 0) AS unknowns,
           -- On a log without entitlements this would be an observed footprint, which is not a blast radius.
           CASE WHEN r.sees_credentials AND r.sees_scope AND v.credentials IS NULL AND (b.bound = 'lo' OR r.sees_every_credential)
                THEN least(100.0 * coalesce(t.value_us, 0) / e.value / (d.days * 86400e6), 100) END AS share
    FROM run r
    CROSS JOIN bounds b
    CROSS JOIN (SELECT unnest(['t1b', 't2']) AS threat) g
    JOIN estate e USING (run)
    JOIN agent_days d ON d.run = r.run AND d.bound = b.bound
    LEFT JOIN totals t ON t.run = r.run AND t.threat = g.threat AND t.bound = b.bound
    LEFT JOIN unknown_validity v ON v.run = r.run AND v.bound = b.bound
)
SELECT run, threat, proven(share, bound) AS lo, at_most(share, bound) AS hi, max(unknowns) AS unknowns
FROM shares GROUP BY run, threat ORDER BY run, threat
