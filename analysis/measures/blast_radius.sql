-- title: Blast radius
-- question: Which share of the estate could an attacker change or read who has struck at one place and instant?
-- unit: percent of the estate's declared value
-- grain: run, threat
-- unfinished: whatever is still valid at the window's end is cut there
-- assumes: the estate is worth, group by group, its number of resources times its greatest weight, and so is what of it is within reach, by the greatest weight within reach
-- assumes: potential, not realised
-- assumes: credentials of agents at work, those that abandoned ones have left are in identity_debt (outlived_agent)
-- assumes: an instant uniform over the window and an agent chosen alike
-- assumes: finding nothing counts as zero. t1a: what was valid, without its key, copied on its way to one of the verifiers, chosen alike
-- assumes: t1b: what was valid in the process, with such keys as can be copied
-- assumes: t1c: what the process is made to sign within the dwell time
-- assumes: t2: that, and whatever its issuer would grant, or its owner take for it in an emergency
-- assumes: t3: a log in which every call that was let in, on a log at most also one of unknown outcome, has left its credential without the key, read after a time that is lognormal as the run's scenario says of what leaks, the same for all that is in it, and of which the mean is taken
-- assumes: what is older than the run was in use since it was made
-- assumes: t4: what the agent's task trees under way, until the last sub-task is over, hold or are given within the dwell time
-- assumes: t5: whatever the issuer can have made for any agent, asking nobody, be it a key that an administrator makes before the work
-- assumes: t5_bootstrap: what the issuer would grant to whoever has read the secret on an agent's host, which is nothing where there is no such secret: what is held without asking is in t1b. That whoever administers an issuer could also change what agents may do is not counted, for any model
-- assumes: on a log a credential of which nobody knows who holds it lies at no place for certain, and at most alone at one more, where it opens no less than it adds elsewhere, but for t4, which then has no upper end
-- source: each group once at its highest level, integrated exactly over time (layer-cake representation of the maximum)
WITH totals AS (
    -- In the order of values, so that the last digit is the same each time.
    SELECT run, bound, threat, list_sum(list(value::DOUBLE * mass::DOUBLE ORDER BY value)) / of AS value_us FROM threat_law GROUP BY run, bound, threat, of
), shares AS (
    SELECT k.run, g.threat, k.bound, k.unknowns + CASE g.threat WHEN 't3' THEN k.doubtful ELSE 0 END AS unknowns,
           CASE WHEN k.known AND (g.threat <> 't4' OR (k.placed AND k.sees_tasks AND k.sees_every_event))
                THEN percent_of(coalesce(t.value_us, 0) / (CASE g.threat WHEN 't5' THEN epoch(k.t1 - k.t0) / 86400 ELSE k.days END * 86400e6), k.estate) END AS share
    FROM reach_known k
    CROSS JOIN (SELECT unnest(['t1a', 't1b', 't1c', 't2', 't3', 't4', 't5', 't5_bootstrap']) AS threat) g
    LEFT JOIN totals t ON t.run = k.run AND t.threat = g.threat AND t.bound = k.bound
)
SELECT run, threat, proven(share, bound) AS lo, at_most(share, bound) AS hi, max(unknowns) AS unknowns
FROM shares GROUP BY run, threat ORDER BY run, threat
