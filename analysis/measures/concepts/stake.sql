-- What could be lost, and how often: what is in reach where credentials lie, are issued and are used, and the hazards.
-- parameter: process_per_hour = 1e-6 in [0, 1] | chance for each hour that an agent's process is read, unless scenario.hazards.process_per_hour says it
-- parameter: hijack_per_call = 1e-6 in [0, 1] | chance for each call that what it reads hijacks the agent, unless scenario.hazards.hijack_per_call says it
-- parameter: copy_per_call = 1e-8 in [0, 1] | chance for each call that its credential is copied on its way, unless scenario.hazards.copy_per_call says it
-- parameter: copy_per_issue = 1e-8 in [0, 1] | chance for each credential issued that it is copied on its way, unless scenario.hazards.copy_per_issue says it
-- parameter: log_per_hour = 1e-6 in [0, 1] | chance for each hour that an agent's log is read, unless scenario.hazards.log_per_hour says it
-- parameter: host_per_hour = 1e-6 in [0, 1] | chance for each hour that the secret on an agent's host is read, unless scenario.hazards.host_per_hour says it
-- parameter: host_per_issue = 1e-8 in [0, 1] | chance for each credential issued that the secret shown for it is copied, unless scenario.hazards.host_per_issue says it
-- parameter: issuer_per_hour = 1e-6 in [0, 1] | chance for each hour that the issuer is taken, unless scenario.hazards.issuer_per_hour says it

-- What could be lost to a compromise, and how often one could be: `amount` is the microseconds for which so much lies at rest,
-- times `of`, or how many credentials are issued, or calls made, while so much is in reach.
CREATE TEMP TABLE at_stake AS
WITH known AS MATERIALIZED (
    -- What a hijacked agent reaches, what the secret of one opens, and copies.
    SELECT * REPLACE (lane_of(spot_of(lane), cell_of(lane) & (asks('t2') + asks('t5_bootstrap'))) AS lane)
    FROM radius WHERE cell_of(lane) & (asks('t2') + asks('t5_bootstrap')) <> 0
    UNION ALL
    FROM radius_in_transit
), call AS (
    -- A call whose clock is wrong may have been made when nothing was in reach, and one of unknown outcome may not have been let in. Of one
    -- that does not say what it touched, the verifier may be any; of one that does not say who made it, the agent. Of all others there is
    -- nothing that is not the same in each bound.
    SELECT e.run, b.bound, e.time, e.credential, coalesce(c.holder, CASE WHEN c.run IS NULL THEN e.principal END) AS agent,
           CASE WHEN coalesce(c.enforced, b.bound = 'lo') AND c.binding = 'audience'
                THEN coalesce(k.verifier, CASE b.bound WHEN 'hi' THEN -1 END) ELSE -1 END AS cell
    FROM bare_event e
    JOIN run r USING (run)
    LEFT JOIN credential c ON c.run = e.run AND c.id = e.credential
    LEFT JOIN catalogue k ON k.run = e.run AND k.atom = e.atom
    JOIN worked_out_in b ON b.known = CASE WHEN e.clock_error = 0 AND e.decision IS NOT NULL AND coalesce(c.holder, CASE WHEN c.run IS NULL THEN e.principal END) IS NOT NULL
                                                AND (coalesce(c.binding <> 'audience', true)
                                                                       OR (c.enforced IS NOT NULL AND k.verifier IS NOT NULL))
                                           THEN 'exact' ELSE 'vague' END
    WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.time >= r.t0 AND e.time < r.t1
      AND (b.bound = 'hi' OR e.decision IS NOT NULL) AND (b.bound <> 'lo' OR e.clock_error = 0)
), issue AS (
    -- One was issued when it began to be valid, which may have been at any time between two.
    SELECT c.run, b.bound, c.id AS credential, c.holder AS agent, c.resolved, greatest(c.from_lo, r.t0) AS time,
           least(c.from_hi, r.t1 - INTERVAL 1 microsecond) AS until
    FROM credential c JOIN run r USING (run)
    JOIN worked_out_in b ON b.known = CASE WHEN c.from_lo = c.from_hi AND c.holder IS NOT NULL THEN 'exact' ELSE 'vague' END
    WHERE (c.from_lo >= r.t0 OR (b.bound = 'hi' AND c.from_hi >= r.t0)) AND (c.from_hi < r.t1 OR (b.bound = 'hi' AND c.from_lo < r.t1))
), moment AS (
    SELECT run, bound, 't2' AS threat, 'use' AS cause, asks('t2') AS cell, agent AS place, time, time AS until FROM call
    UNION ALL
    SELECT run, bound, 'copied', 'use', cell, credential, time, time FROM call
    UNION ALL
    -- What is baked in is proven from the last of these times on, and was the same before; what is looked up may have come since.
    SELECT run, bound, 'copied', 'issue', -1, credential, CASE WHEN bound = 'lo' AND resolved = 'baked' THEN until ELSE time END, until FROM issue
    UNION ALL
    SELECT run, bound, 't5_bootstrap', 'issue', asks('t5_bootstrap'), agent, time, until FROM issue
), named AS (
    SELECT unnest(['t2', 't5_bootstrap']) AS threat, spot, run, place, bound FROM spot
    UNION ALL
    SELECT 'copied', c.token, s.run, c.credential, s.bound FROM copied c JOIN spot s USING (spot)
), placed AS MATERIALIZED (
    -- Only what is the same in each bound, the moment and the place, is looked at once.
    SELECT n.run, CASE m.bound WHEN 'exact' THEN n.bound ELSE m.bound END AS bound, m.threat::ENUM('t2', 't5_bootstrap', 'copied') AS threat,
           m.cause::ENUM('use', 'issue') AS cause, lane_of(n.spot, m.cell) AS lane, m.time, m.until
    FROM moment m
    JOIN named n ON n.threat = m.threat AND n.run = m.run AND n.place = m.place AND (n.bound = m.bound OR 'exact' IN (n.bound, m.bound))
), unsaid AS (
    SELECT row_number() OVER () AS number, * FROM moment WHERE place IS NULL AND threat <> 'copied' AND bound = 'hi'
), unsure AS (
    SELECT row_number() OVER () AS number, run, bound, threat, cause, lane, time, until FROM placed WHERE time < until
    UNION ALL
    -- Of whom nobody knows may be anybody.
    SELECT -m.number, m.run, m.bound, m.threat, m.cause, lane_of(n.spot, m.cell), m.time, m.until
    FROM unsaid m JOIN named n ON n.threat = m.threat AND n.run = m.run AND n.bound IN ('exact', 'hi')
), between_them AS (
    -- Of an instant that is not known, what was in reach at any that it may be: at most the most, and proven the least.
    SELECT u.run, u.bound, u.threat, u.cause,
           CASE WHEN u.bound = 'hi' THEN max(k.value) WHEN min(k.starts) <= u.time THEN min(k.value) END AS value
    FROM unsure u JOIN known k ON k.lane = u.lane AND k.starts <= u.until AND coalesce(k.ends > u.time, true)
    GROUP BY u.number, u.run, u.bound, u.threat, u.cause, u.time
), at_moments AS (
    SELECT m.run, m.bound, m.threat, m.cause, k.value, count(*) AS amount
    FROM (FROM placed WHERE time = until) m
    ASOF JOIN (FROM known WHERE value > 0) k ON k.lane = m.lane AND k.starts <= m.time
    WHERE m.time < k.ends GROUP BY ALL
    UNION ALL
    SELECT run, bound, threat, cause, value, count(*) FROM between_them WHERE value > 0 GROUP BY ALL
)
SELECT run, bound, threat, 'rest' AS cause, of, value, mass AS amount FROM threat_law WHERE threat IN ('t1b', 't3', 't5', 't5_bootstrap')
UNION ALL
SELECT m.run, b.bound, replace(m.threat::VARCHAR, 'copied', 't1a'), m.cause, 1, m.value, sum(m.amount)
FROM at_moments m JOIN counts_for b ON b.known = m.bound GROUP BY ALL;

-- How often a year a compromise is to be expected for each hour, issuance or call, as the scenario says, else as given: the same
-- under every control model.
CREATE TEMP VIEW hazard AS
SELECT r.run, h.threat, h.cause, coalesce((r.scenario ->> ('$.hazards.' || h.named))::DOUBLE, h.assumed)
       -- Microseconds as hours; the window stands for a year, which has 8766.
       * CASE h.cause WHEN 'rest' THEN 1 / 3.6e9 ELSE 1 END * 8766 * 3600 / epoch(r.t1 - r.t0) AS a_year
FROM run r CROSS JOIN (VALUES
    ('t1b', 'rest', 'process_per_hour', getvariable('process_per_hour')),
    ('t2', 'use', 'hijack_per_call', getvariable('hijack_per_call')),
    ('t1a', 'use', 'copy_per_call', getvariable('copy_per_call')),
    ('t1a', 'issue', 'copy_per_issue', getvariable('copy_per_issue')),
    ('t3', 'rest', 'log_per_hour', getvariable('log_per_hour')),
    ('t5_bootstrap', 'rest', 'host_per_hour', getvariable('host_per_hour')),
    ('t5_bootstrap', 'issue', 'host_per_issue', getvariable('host_per_issue')),
    ('t5', 'rest', 'issuer_per_hour', getvariable('issuer_per_hour'))) AS h(threat, cause, named, assumed);
