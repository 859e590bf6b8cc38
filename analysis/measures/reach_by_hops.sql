-- title: Reach by hops
-- question: Which share of the estate does whoever has hijacked an agent reach in one hop, in two, in three, and in all?
-- unit: percent of the estate's declared value
-- grain: run, hops
-- unfinished: whatever is still valid at the window's end is cut there
-- assumes: of a hijacked agent at an instant uniform over the window, as t2 of blast_radius, which all is. A hop is to use what lies in the process, to control a sub-agent, or to have the issuer make something. 1: what was issued to the agent, or for its root tasks; 2: also what was issued for its sub-agents, and what its issuer would grant; 3: also what was issued for theirs. No hop leads from one agent to another: what evidence shows of that is what lies in logs (t3 of blast_radius) and what holders of permissions could grant (escalation), and neither says whose log an agent can read, or what it would be granted. A log that does not tell tasks, or loses events, proves hops in all only
-- source: reach in k steps of an access graph, each group once at its highest level, integrated exactly over time
WITH summed AS (
    -- In the order of values, so that the last digit is the same each time.
    SELECT run, bound, threat, list_sum(list(value::DOUBLE * mass::DOUBLE ORDER BY value)) AS value_us FROM reach_law GROUP BY run, bound, threat
), shares AS (
    SELECT k.run, g.hops, k.bound, k.unknowns, CASE WHEN k.known THEN percent_of(coalesce(s.value_us, 0) / (k.days * 86400e6), k.estate) END AS share
    FROM reach_known k
    CROSS JOIN (SELECT unnest(['1', '2', '3', 'all']) AS hops, unnest(['hops_1', 'hops_2', 'hops_3', 't2']) AS threat) g
    LEFT JOIN summed s ON s.run = k.run AND s.threat = g.threat AND s.bound = k.bound
)
SELECT run, hops, proven(share, bound) AS lo, at_most(share, bound) AS hi, max(unknowns) AS unknowns
FROM shares GROUP BY run, hops ORDER BY run, hops
