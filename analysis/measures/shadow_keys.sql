-- title: Shadow keys
-- question: How many standing keys do people hand to agents past the issuer, so as not to wait?
-- unit: keys per agent-day
-- grain: run
-- unfinished: nothing is
-- assumes: a static key that somebody else than its holder issued, a human, in the window. On a log what is lost may have been such an issue, so that there may be more; and an account that a real log does not tell from a service may be a person's
-- source: friction that drives people around control: inflow of shadow credentials as a function of waiting
WITH counts AS (
    SELECT c.run, count(*) FILTER (p.kind = 'human' AND (c.holder IS NOT NULL OR on_truth()) AND c.from_lo >= r.t0 AND c.from_hi < r.t1) AS proven_keys,
           count(*) FILTER (c.from_hi >= r.t0 AND c.from_lo < r.t1) AS possible_keys
    FROM credential c
    JOIN run r USING (run)
    JOIN principal p ON p.run = c.run AND p.id = c.issuer AND (p.kind = 'human' OR (p.kind = 'service' AND r.kind = 'ingested'))
    WHERE is_standing_key(c.kind) AND c.holder IS DISTINCT FROM c.issuer
    GROUP BY c.run
)
SELECT r.run, proven(CASE WHEN r.sees_credentials THEN coalesce(c.proven_keys, 0) / d.days END, d.bound) AS lo,
       at_most(CASE WHEN r.sees_credentials AND r.sees_all_kept THEN coalesce(c.possible_keys, 0) / d.days END, d.bound) AS hi,
       CASE WHEN any_value(r.sees_credentials AND r.sees_all_kept) THEN 0 ELSE 1 END + max(d.unsure) AS unknowns
FROM run r
JOIN agent_days d USING (run)
LEFT JOIN counts c USING (run)
GROUP BY r.run ORDER BY r.run
