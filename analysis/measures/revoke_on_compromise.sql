-- title: Revoking on compromise
-- question: After an attacker has struck, how long is what was taken still accepted somewhere?
-- unit: incidents | incidents, took, at_risk, ended; instants | ends; seconds | p50, p95, restricted_mean
-- grain: run, threat, stat
-- evidence: truth
-- unfinished: an incident of which something is still accepted at the window's end is right-censored (Kaplan and Meier 1958): a quantile that the curve does not reach has no hi, and lo is the longest time observed; restricted_mean has lo and hi apart where nobody was followed as far as its horizon
-- assumes: incidents that struck in the window, threat by threat, and took something
-- assumes: from then until the last verifier has stopped accepting the last of what was taken, whether by response or by itself
-- assumes: 0 where it was accepted nowhere any more
-- assumes: taken is what the agent had that some verifier accepted at that instant: of t4 what was issued for its trees under way, or for the agent as a whole, of t3 what its calls had left behind and could be found by then, and of t5 nothing
-- assumes: taken is also whatever else the attacker presented since and got through with, such as what an issuer was made to issue
-- assumes: whether a copy works without its key is not asked here, nor what whoever has taken an issuer (t5) can have made at any time: blast_radius asks both
-- assumes: incidents: how many struck; of a threat that did not, that alone is told
-- assumes: took: how many of these took something: the others have nothing that could be revoked, soon or late, and to be robbed of nothing is no quick revocation
-- assumes: at_risk: the same, which the quantiles and the mean are of
-- assumes: ended: of how many of these the end was seen
-- assumes: ends: at how many different instants: what ended together, as all keys do that one rotation replaces, tells little more than one
-- assumes: restricted_mean: what lasts longer than the horizon counts as that
-- assumes: no log tells when somebody was compromised, nor what was taken
-- parameter: mean_hours = 24 in (0, 876600] | hours after a compromise up to which the mean is restricted
-- pool: observations | kaplan-meier | mean_hours of restricted_mean
-- source: effective time to revoke, from compromise to last acceptable instant; restricted mean survival time (Royston and Parmar, BMC Medical Research Methodology 13, 2013)
WITH struck AS (
    SELECT i.run, i.id, i.threat, i.agent, i.time, r.t1 FROM incident i JOIN run r USING (run) WHERE i.time >= r.t0 AND i.time < r.t1
), running AS (
    -- Trees of the agent of which something was under way, whoever did it.
    SELECT DISTINCT i.run, i.id, t.root
    FROM struck i
    JOIN task t ON t.run = i.run AND t.agent = i.agent AND t.started <= i.time AND coalesce(t.ended > i.time, true)
    WHERE i.threat = 't4'
), made AS (
    -- What an attacker had an issuer make in the name of an agent lies with the attacker.
    SELECT e.run, e.issued AS credential
    FROM true_actor a JOIN bare_event e ON e.run = a.run AND e.id = a.event
    WHERE a.actor = 'attacker' AND e.kind = 'issue'
), accepted AS (
    SELECT run, credential, max(ends) AS ends FROM carried GROUP BY run, credential
), taken AS (
    SELECT i.run, i.id, a.credential
    FROM struck i
    -- Whether or not the agent was abandoned since.
    JOIN (FROM carried ANTI JOIN made USING (run, credential)) a ON a.run = i.run AND a.holder = i.agent AND a.starts <= i.time AND a.ends > i.time
    LEFT JOIN task t ON t.run = a.run AND t.id = a.task
    WHERE i.threat IN ('t1a', 't1b', 't1c', 't2')
       OR (i.threat = 't4' AND EXISTS (FROM running g WHERE g.run = i.run AND g.id = i.id AND coalesce(g.root = t.root, a.task IS NULL)))
       OR (i.threat = 't3' AND EXISTS (FROM leak l WHERE l.run = i.run AND l.credential = a.credential AND l.found <= i.time))
    UNION
    SELECT i.run, i.id, e.credential
    FROM struck i
    JOIN incident_step s ON s.run = i.run AND s.incident = i.id AND s.allowed
    JOIN bare_event e ON e.run = s.run AND e.id = s.event AND e.credential IS NOT NULL
), times AS (
    SELECT i.run, i.threat::VARCHAR AS part, i.id, 'exact' AS bound, true AS sure, coalesce(greatest(max(a.ends), i.time), i.time) AS until, until < i.t1 AS observed,
           (epoch_us(until) - epoch_us(i.time)) / 1e6 AS seconds
    FROM struck i
    JOIN taken t ON t.run = i.run AND t.id = i.id
    LEFT JOIN accepted a ON a.run = t.run AND a.credential = t.credential
    GROUP BY i.run, i.threat, i.id, i.time, i.t1
), observations AS (
    SELECT run, part AS threat, seconds AS lo, CASE WHEN observed THEN seconds END AS hi, until FROM times
), stats AS (
    FROM survival('times', $mean_hours * 3600)
    UNION ALL
    SELECT run, part, 'took', count(*), count(*), 0 FROM times GROUP BY run, part
    UNION ALL
    SELECT run, threat::VARCHAR, 'incidents', count(*), count(*), 0 FROM struck GROUP BY run, threat
), asked AS (
    SELECT r.run, n.threat, s.stat, CASE WHEN h.run IS NOT NULL OR s.stat = 'incidents' THEN s.of_nobody END AS of_nobody, v.credentials
    FROM run r
    CROSS JOIN (SELECT unnest(enum_range(NULL::threat)) AS threat) n
    CROSS JOIN (FROM survival_stat UNION ALL SELECT unnest(['took', 'incidents']), 0) s
    LEFT JOIN (SELECT DISTINCT run, threat FROM struck) h ON h.run = r.run AND h.threat = n.threat
    -- How many struck hangs on no credential.
    LEFT JOIN unknown_carried v ON v.run = h.run AND s.stat <> 'incidents'
)
SELECT g.run, g.threat::VARCHAR AS threat, g.stat, CASE WHEN g.credentials IS NULL THEN coalesce(s.lo, g.of_nobody) END AS lo,
       CASE WHEN g.credentials IS NULL THEN coalesce(s.hi, g.of_nobody) END AS hi,
       (coalesce(s.unknowns, 0) + coalesce(g.credentials, 0))::BIGINT AS unknowns
FROM asked g LEFT JOIN stats s ON s.run = g.run AND s.part = g.threat::VARCHAR AND s.stat = g.stat
ORDER BY g.run, threat, g.stat
