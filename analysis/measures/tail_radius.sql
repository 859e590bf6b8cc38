-- title: Tail of blast radius (CVaR95)
-- question: Which share of the estate falls in the worst twentieth of compromises, on average?
-- unit: percent of the estate's declared value
-- grain: run, threat
-- unfinished: whatever is still valid at the window's end is cut there
-- assumes: compromises of blast_radius, threat by threat: an agent and an instant, of t1a also a verifier and of t3 a time until the log is read, of t5 an instant alone, each as likely as there. Potential, not realised. What is in reach is constant from one change to the next, so that its law is exact, and so is the mean of its worst part
-- assumes: where that part ends within what is alike, as much of that counts as is wanting. Finding nothing counts as zero, in the worst part too where there is less than that of anything
-- assumes: of several runs the worst part of all of their laws together, each run as likely: that of whoever comes to any of them, at least the mean of each one's own. What happens in a run is known exactly and not from a sample, so that it is told however few runs there are
-- assumes: how far other runs could move it is in the interval, which resamples runs
-- assumes: on a log a credential of which nobody knows who holds it lies at no place for certain, and may lie where most is already, so that but for t5 and t5_bootstrap there is no upper end
-- parameter: worst_percent = 5 in [0.001, 100] | the part of compromises that is the worst, in percent
-- pool: laws | cvar | worst_percent
-- source: expected shortfall (Acerbi and Tasche, Journal of Banking and Finance 26, 2002), as conditional value at risk of a law with atoms (Rockafellar and Uryasev, ibid.)
WITH named AS (
    SELECT unnest(['t1a', 't1b', 't1c', 't2', 't3', 't4', 't5', 't5_bootstrap']) AS threat
), law AS (
    SELECT l.run, l.threat, l.bound, l.value, l.mass,
           l.of * CASE l.threat WHEN 't5' THEN epoch(r.t1 - r.t0) * 1e6 ELSE d.days * 86400e6 END AS whole
    FROM threat_law l SEMI JOIN named USING (threat) JOIN run r USING (run) JOIN agent_days d ON d.run = l.run AND d.bound = l.bound
), ranked AS (
    SELECT *, coalesce(sum(mass) OVER (PARTITION BY run, threat, bound ORDER BY value DESC
                                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS worse,
           $worst_percent / 100 * whole AS tail
    FROM law
), worst AS (
    SELECT run, threat, bound, mean_of_worst(value, mass, worse, tail) AS value
    FROM ranked GROUP BY run, threat, bound
), shares AS (
    SELECT k.run, g.threat, k.bound, k.unknowns + CASE g.threat WHEN 't3' THEN k.doubtful ELSE 0 END AS unknowns,
           CASE WHEN k.known AND (k.placed OR starts_with(g.threat, 't5')) AND (g.threat <> 't4' OR (k.sees_tasks AND k.sees_every_event)) AND k.days IS NOT NULL
                THEN percent_of(coalesce(w.value, 0), k.estate) END AS share
    FROM reach_known k
    CROSS JOIN named g
    LEFT JOIN worst w ON w.run = k.run AND w.threat = g.threat AND w.bound = k.bound
), laws AS (
    -- What several runs that know it are pooled of: of all compromises of a run, how large a part finds how much; the rest finds
    -- nothing.
    SELECT l.run, l.threat, percent_of(l.value, e.value) AS lo, lo AS hi, l.mass / l.whole AS weight
    FROM law l JOIN estate e USING (run) SEMI JOIN (FROM shares WHERE share IS NOT NULL) s ON s.run = l.run AND s.threat = l.threat AND s.bound = l.bound
    WHERE l.bound <> 'hi'
    UNION ALL
    SELECT s.run, s.threat, 0 AS lo, lo AS hi, greatest(0, 1 - coalesce(sum(l.mass / l.whole), 0))
    FROM shares s LEFT JOIN law l ON l.run = s.run AND l.threat = s.threat AND l.bound = s.bound
    WHERE s.share IS NOT NULL AND s.bound <> 'hi'
    GROUP BY s.run, s.threat
)
SELECT run, threat, proven(share, bound) AS lo, at_most(share, bound) AS hi, max(unknowns) AS unknowns
FROM shares GROUP BY run, threat ORDER BY run, threat
