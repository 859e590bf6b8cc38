-- title: Blast radius
-- question: Which share of the estate could an attacker change or read who has struck at one place and instant?
-- unit: percent of the estate's declared value
-- grain: run, threat
-- unfinished: whatever is still valid at the window's end is cut there
-- assumes: potential, not realised; an instant uniform over the window and an agent chosen alike; finding nothing counts as zero. t1a: what was valid, without its key, copied on its way to one of the verifiers, chosen alike; t1b: what was valid in the process, with such keys as can be copied; t1c: what the process is made to sign within the dwell time; t2: that, and whatever its issuer would grant, or its owner take for it in an emergency; t3: a log in which every call has left its credential without the key, read after a time that is lognormal as the run's scenario says of what leaks, the same for all that is in it, and of which the mean is taken; what is older than the run was in use since it was made; t4: what the agent's task trees under way, until the last sub-task is over, hold or are given within the dwell time; t5: whatever the issuer can have made for any agent, asking nobody, be it a key that an administrator makes before the work; t5_bootstrap: what the issuer would grant to whoever has read the secret on an agent's host. That whoever administers an issuer could also change what agents may do is not counted, for any model
-- parameter: dwell_hours = 1 | hours from compromise to containment
-- parameter: found_median_hours = 24 | hours from a call until somebody reads the log that it is in, the median, where no scenario says it
-- parameter: found_sigma = 1.5 | spread of the logarithm of that time, where no scenario says it
-- source: each group once at its highest level, integrated exactly over time (layer-cake representation of the maximum)
WITH RECURSIVE scoped AS (
    -- Which copies verifiers refuse: of a token alone, and of a token with what can be copied of its key. An enforcement
    -- that nobody knows of is there for what is proven, and not for what is possible.
    SELECT h.*, coalesce(h.enforced, h.bound = 'lo') AS checked,
           h.binding IN ('key_exportable', 'key_bound', 'context_bound') OR (h.binding = 'unknown' AND h.bound = 'lo') AS needs_key,
           h.binding IN ('key_bound', 'context_bound') OR (h.binding = 'unknown' AND h.bound = 'lo') AS key_stays
    FROM held h SEMI JOIN (FROM run WHERE sees_scope) USING (run)
), dwelling AS (
    -- Reached within [t, t + dwell] if and only if t lies in the interval stretched back by the dwell time.
    SELECT *, starts - to_microseconds(($dwell_hours * 3.6e9)::BIGINT) AS stretched FROM scoped
), lineage AS (
    SELECT run, id AS task, id AS root, agent, started, started IS NOT NULL AND ended IS NULL AS open, ended
    FROM task WHERE parent IS NULL AND started IS NOT NULL
    UNION ALL
    SELECT t.run, t.id, l.root, l.agent, l.started, t.started IS NOT NULL AND t.ended IS NULL, t.ended
    FROM task t JOIN lineage l ON l.run = t.run AND l.task = t.parent
), running AS (
    -- A tree runs until the last of it is over, which may outlive the root.
    SELECT run, task, root, agent, started,
           CASE WHEN NOT bool_or(open) OVER tree THEN max(ended) OVER tree END AS ended
    FROM lineage WINDOW tree AS (PARTITION BY run, root)
), presented AS (
    SELECT e.run, e.credential, k.verifier, min(e.time + to_microseconds(e.clock_error)) AS seen
    FROM event e LEFT JOIN catalogue k ON k.run = e.run AND k.atom = e.atom
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.credential IS NOT NULL
    GROUP BY e.run, e.credential, k.verifier
), cells AS (
    -- The standard normal in cells an eighth wide, each by its middle and its probability, the outermost with the tails.
    SELECT n AS cell,
           [0.049835338052, 0.049448019127, 0.048304030314, 0.046455893489, 0.043986686225, 0.041003851436, 0.037631457092, 0.034001681408,
            0.030246332879, 0.026489150709, 0.022839485272, 0.019387756609, 0.01620286348, 0.013331497971, 0.010799137994, 0.008612360279,
            0.006762047911, 0.00522705717, 0.003977948951, 0.002980465547, 0.002198527729, 0.001596624268, 0.001141553939, 0.000803550316,
            0.000556868482, 0.000379940088, 0.00025521166, 0.00016877527, 0.000109885406, 0.000070435907, 0.000044449932, 0.000027616649,
            0.000016892492, 0.000010172773, 0.000006031257, 0.000003520458, 0.000002023081, 0.000001144591, 0.000000637544, 0.000000349617,
            0.000000395652][abs(n) + 1] AS chance
    FROM (SELECT unnest(range(-40, 41)) AS n)
), law AS (
    -- The time until somebody reads the log; no longer than a century.
    SELECT r.run, c.cell, c.chance,
           to_microseconds(least(1e6 * coalesce((r.scenario ->> '$.leaks.found_median_s')::DOUBLE, $found_median_hours * 3600)
                                 * exp(c.cell / 8 * coalesce((r.scenario ->> '$.leaks.found_sigma')::DOUBLE, $found_sigma)),
                                 3.15576e15)::BIGINT) AS delay
    FROM run r CROSS JOIN cells c
), logged AS (
    -- An audience is that of the call which left the copy; a log that loses events may have lost the first call,
    -- and of a call that does not say what it touched the audience may be any.
    SELECT h.* REPLACE (
               greatest(h.starts, l.delay + CASE WHEN h.since < r.begins OR (h.bound = 'hi' AND NOT (r.sees_every_event AND r.sees_touch))
                                                 THEN h.since ELSE p.seen END) AS starts),
           l.cell, l.chance
    FROM scoped h JOIN run r USING (run) JOIN law l USING (run)
    JOIN presented p ON p.run = h.run AND p.credential = h.credential
                    AND (p.verifier = h.verifier OR (p.verifier IS NULL AND h.bound = 'hi') OR NOT (h.checked AND h.binding = 'audience'))
    WHERE NOT (h.checked AND h.needs_key)
), reach AS (
    SELECT 't1a_anywhere' AS threat, 0 AS cell, 1.0::DOUBLE AS chance, run, holder AS principal, bound, resource_group, weight, starts, ends, t0, t1
    FROM scoped WHERE NOT (checked AND (needs_key OR binding = 'audience'))
    UNION ALL
    SELECT 't1a_there', 0, 1.0, run, holder, bound, resource_group, weight, starts, ends, t0, t1
    FROM scoped WHERE NOT (checked AND needs_key)
    UNION ALL
    SELECT 't1b', 0, 1.0, run, holder, bound, resource_group, weight, starts, ends, t0, t1
    FROM scoped WHERE NOT (checked AND key_stays)
    UNION ALL
    SELECT unnest(['t1c', 't2']), 0, 1.0, run, holder, bound, resource_group, weight, stretched, ends, t0, t1 FROM dwelling
    UNION ALL
    SELECT 't2', 0, 1.0, run, principal, bound, resource_group, weight, starts - to_microseconds(($dwell_hours * 3.6e9)::BIGINT), ends, t0, t1
    FROM mintable
    UNION ALL
    SELECT 't3', cell, chance, run, holder, bound, resource_group, weight, starts, ends, t0, t1 FROM logged
    UNION ALL
    -- While anything of one of them runs, and only what the agent has before that is over.
    SELECT 't4', 0, 1.0, h.run, h.holder, h.bound, h.resource_group, h.weight, greatest(h.stretched, l.started),
           least(h.ends, coalesce(l.ended, h.t1)), h.t0, h.t1
    FROM dwelling h
    JOIN running l ON l.run = h.run AND l.agent = h.holder AND (l.task = h.task OR (h.task IS NULL AND l.task = l.root))
    WHERE h.starts < coalesce(l.ended, h.t1)
    UNION ALL
    SELECT 't5', 0, 1.0, run, NULL, bound, resource_group, weight, starts, ends, t0, t1 FROM issuable WHERE NOT by_owner
    UNION ALL
    SELECT 't5_bootstrap', 0, 1.0, run, principal, bound, resource_group, weight, starts, ends, t0, t1
    FROM mintable WHERE bootstrap = 'static_secret' OR (bootstrap IS NULL AND bound = 'hi')
), layer AS (
    -- The maximum of several weights is the sum of the steps between them, each as long as anything reaches that high.
    SELECT run, resource_group, weight, resources * (weight - lag(weight, 1, 0) OVER (PARTITION BY run, resource_group ORDER BY weight)) AS step
    FROM (SELECT DISTINCT run, resource_group, resources, weight FROM catalogue)
), spans AS (
    SELECT r.threat, r.cell, r.chance, r.run, r.principal, r.bound, l.resource_group, l.weight, l.step, greatest(r.starts, r.t0) AS starts, r.ends
    FROM reach r JOIN layer l ON l.run = r.run AND l.resource_group = r.resource_group AND l.weight <= r.weight
    WHERE r.starts < r.ends
), marked AS (
    SELECT *, max(ends) OVER (PARTITION BY threat, cell, run, principal, bound, resource_group, weight ORDER BY starts, ends
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM spans
), summed AS (
    SELECT threat, cell, chance, run, bound,
           sum(step * greatest(0, epoch_us(ends) - epoch_us(greatest(starts, coalesce(covered, starts))))::HUGEINT) AS value_us
    FROM marked GROUP BY ALL
), totals AS (
    -- In the order of cells, so that the last digit is the same each time.
    SELECT threat, run, bound, list_sum(list(chance * value_us ORDER BY cell)) AS value_us FROM summed GROUP BY ALL
), verifiers AS (
    SELECT run, count(DISTINCT verifier) AS number FROM catalogue GROUP BY run
), mixed AS (
    -- A group has one verifier: a token goes there once in so many times, and else only what works anywhere reaches it.
    SELECT 't1a' AS threat, t.run, t.bound,
           sum(t.value_us / v.number * CASE t.threat WHEN 't1a_there' THEN 1 ELSE v.number - 1 END) AS value_us
    FROM totals t JOIN verifiers v USING (run) WHERE t.threat IN ('t1a_anywhere', 't1a_there') GROUP BY ALL
    UNION ALL
    SELECT threat, run, bound, value_us FROM totals WHERE threat NOT IN ('t1a_anywhere', 't1a_there')
), estate AS (
    SELECT run, sum(step) AS value FROM layer GROUP BY run
), shares AS (
    SELECT r.run, g.threat, b.bound, coalesce(v.credentials, 0) AS unknowns,
           -- On a log without entitlements this would be an observed footprint, which is not a blast radius.
           CASE WHEN r.sees_credentials AND r.sees_scope AND v.credentials IS NULL AND (b.bound = 'lo' OR r.sees_every_credential)
                     AND (g.threat <> 't4' OR (r.sees_tasks AND r.sees_every_event))
                THEN least(100.0 * coalesce(t.value_us, 0) / e.value
                           / (CASE g.threat WHEN 't5' THEN epoch(r.t1 - r.t0) / 86400 ELSE d.days END * 86400e6), 100) END AS share
    FROM run r
    CROSS JOIN bounds b
    CROSS JOIN (SELECT unnest(['t1a', 't1b', 't1c', 't2', 't3', 't4', 't5', 't5_bootstrap']) AS threat) g
    JOIN estate e USING (run)
    JOIN agent_days d ON d.run = r.run AND d.bound = b.bound
    LEFT JOIN mixed t ON t.run = r.run AND t.threat = g.threat AND t.bound = b.bound
    LEFT JOIN unknown_validity v ON v.run = r.run AND v.bound = b.bound
)
SELECT run, threat, proven(share, bound) AS lo, at_most(share, bound) AS hi, max(unknowns) AS unknowns
FROM shares GROUP BY run, threat ORDER BY run, threat
