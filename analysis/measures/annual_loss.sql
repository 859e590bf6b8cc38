-- title: Expected annual loss, potential
-- question: How much of the estate is the fleet to lose in a year, if compromises are as frequent as is assumed?
-- unit: percent of the estate's declared value per fleet-year
-- grain: run, part
-- unfinished: whatever is still valid at the window's end is cut there; the window stands for the year
-- assumes: of the whole fleet, because an issuer is one for all of it and the estate is shared
-- assumes: what is lost is lost again with each compromise, so that a year may cost more than the whole. A part is a threat, a cause, or everything
-- assumes: each is a hazard that is the same under every control model times what is in reach then, as in blast_radius, potential and not realised. at_rest: for each hour in which anything lies at a place: an agent's process (t1b), its log (t3), the secret on its host (t5_bootstrap), the issuer (t5)
-- assumes: at_issue: for each credential that begins in the window: it is copied without its key on its way to its holder, whatever it opens (t1a), or the secret that was shown for it is (t5_bootstrap)
-- assumes: in_use: for each call that is let through, on a log at most also for one of unknown outcome: its credential is copied without the key (t1a), or the agent is hijacked by what it reads (t2), at most whichever reaches most where the call does not say who made it
-- assumes: t1c and t4 reach no more than t2 at the same place, and are in it. What nothing lies at costs nothing. t5_bootstrap is 0 where a platform vouches for agents, and where a credential is its own bootstrap, which is then in t1b alone: models that differ in that differ in all by it, and all_but_bootstrap is without it. The rows of threats add up to all, and so do those of causes, each by themselves
-- assumes: on a log a credential of which nobody knows who holds it lies at no place for certain, and may be with whoever makes most calls, so that there is no upper end of t2, nor of what takes it in
-- source: annualised loss expectancy (FIPS 65, 1979): frequency times loss, summed over places; hazard at rest, at issue and in use
WITH loss AS (
    -- In the order of values, so that the last digit is the same each time.
    SELECT run, l.bound, threat, cause,
           100 * h.a_year * list_sum(list(l.value::DOUBLE * l.amount::DOUBLE ORDER BY l.value, l.amount)) / l.of / e.value AS percent
    FROM at_stake l JOIN hazard h USING (run, threat, cause) JOIN estate e USING (run)
    GROUP BY run, l.bound, threat, cause, l.of, h.a_year, e.value
), named AS (
    SELECT *, unnest([threat, CASE cause WHEN 'rest' THEN 'at_rest' WHEN 'issue' THEN 'at_issue' ELSE 'in_use' END, 'all']
                     || CASE WHEN threat <> 't5_bootstrap' THEN ['all_but_bootstrap'] ELSE [] END) AS part
    FROM loss
), summed AS (
    SELECT run, bound, part, list_sum(list(percent ORDER BY threat, cause)) AS percent FROM named GROUP BY run, bound, part
), told AS (
    SELECT k.run, g.part, k.bound, k.unknowns + CASE WHEN g.part IN ('t1b', 't5', 't5_bootstrap', 'at_issue') THEN 0 ELSE k.doubtful END
           + CASE WHEN g.part IN ('t2', 'in_use', 'all', 'all_but_bootstrap') THEN k.unnamed ELSE 0 END AS unknowns,
           CASE WHEN k.known AND (k.placed OR g.part NOT IN ('t2', 'in_use', 'all', 'all_but_bootstrap')) AND k.estate > 0 THEN coalesce(s.percent, 0) END AS percent
    FROM reach_known k
    CROSS JOIN (SELECT unnest(['t1a', 't1b', 't2', 't3', 't5', 't5_bootstrap', 'at_rest', 'at_issue', 'in_use', 'all',
                               'all_but_bootstrap']) AS part) g
    LEFT JOIN summed s ON s.run = k.run AND s.part = g.part AND s.bound = k.bound
)
SELECT run, part, proven(percent, bound) AS lo, at_most(percent, bound) AS hi, max(unknowns) AS unknowns
FROM told GROUP BY run, part ORDER BY run, part
