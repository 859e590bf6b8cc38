-- title: Observed footprint
-- question: How much of what the log shows at all did each identity touch?
-- unit: identities | identities; resource groups, mean per identity that touched any | groups_mean, jewels_mean; resource groups | groups_most, jewels_most; percent of the catalogue's value, mean per identity that touched any | value_mean; percent of the catalogue's value | value_most
-- grain: run, stat
-- unfinished: calls of the window count, let through and begun in it
-- assumes: what was seen to be used, not what could have been: this is no blast radius, and an identity that did little may reach far. groups_mean, groups_most: resource groups touched
-- assumes: jewels_mean, jewels_most: groups of tier 3 changed
-- assumes: value_mean, value_most: each group touched once, its number of resources times the greatest weight used on it, over all groups of the catalogue, each its number of resources times its greatest weight: on a real log the catalogue is what was seen. identities: how many touched anything, whoever they are, services among them
-- assumes: the mean is over those, and the most that of one of them. An attacker's calls in an identity's name are its own. A log that may lose calls, or does not say who made one, what it touched, or whether one that touched something else was let in, has no upper end but the whole, and proves nothing of a mean, nor, where it is a real one, of a share of the catalogue, which may lack what was touched besides
-- source: observed footprint: set of resources touched, weighted by value
WITH uses AS (
    SELECT DISTINCT e.run, e.principal, e.atom
    FROM bare_event e JOIN run r USING (run)
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.time >= r.t0 AND e.time < r.t1 AND e.atom IS NOT NULL
), blind AS (
    SELECT e.run, count(*) AS calls
    FROM bare_event e JOIN run r USING (run) ANTI JOIN uses USING (run, principal, atom)
    WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.time >= r.t0 AND e.time < r.t1
    GROUP BY e.run
), touched AS (
    SELECT u.run, u.principal, k.resource_group, max(k.weight) * any_value(k.resources)::HUGEINT AS value,
           bool_or(is_jewel(k.tier, k.level)) AS jewel
    FROM uses u JOIN catalogue k ON k.run = u.run AND k.atom = u.atom
    GROUP BY u.run, u.principal, k.resource_group
), each AS (
    SELECT run, principal, count(*) AS groups, count(*) FILTER (jewel) AS jewels, sum(value) AS value
    FROM touched WHERE principal IS NOT NULL GROUP BY run, principal
), summed AS (
    SELECT e.run, unnest(['identities', 'groups_mean', 'groups_most', 'jewels_mean', 'jewels_most', 'value_mean', 'value_most']) AS stat,
           unnest([count(*), avg(groups), max(groups), avg(jewels), max(jewels), 100.0 * avg(e.value) / any_value(s.value), 100.0 * max(e.value) / any_value(s.value)]) AS value
    FROM each e JOIN estate s USING (run) GROUP BY e.run
), valued AS (
    SELECT r.run, g.stat, r.sees_touch AS seen,
           r.sees_every_event AND b.calls IS NULL AS whole, coalesce(b.calls, 0) AS unknowns,
           -- Of a real log the catalogue is what was seen: where that may be less than all, a share of it is one of less.
           ends_with(g.stat, 'mean') OR (g.stat = 'value_most' AND r.kind = 'ingested') AS may_be_less,
           CASE g.stat WHEN 'identities' THEN coalesce(s.value, 0) ELSE s.value END AS value
    FROM run r
    CROSS JOIN (SELECT unnest(['identities', 'groups_mean', 'groups_most', 'jewels_mean', 'jewels_most', 'value_mean', 'value_most']) AS stat) g
    LEFT JOIN summed s ON s.run = r.run AND s.stat = g.stat
    LEFT JOIN blind b ON b.run = r.run
)
SELECT run, stat, CASE WHEN seen AND (whole OR NOT may_be_less) THEN value WHEN seen THEN 0 END AS lo,
       CASE WHEN seen AND whole THEN value WHEN seen AND starts_with(stat, 'value') AND value IS NOT NULL THEN 100 END AS hi, unknowns
FROM valued ORDER BY run, stat
