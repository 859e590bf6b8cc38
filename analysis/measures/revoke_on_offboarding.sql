-- title: Revoking on offboarding
-- question: After an agent was abandoned, how long is anything of it still accepted, or could it still be given something?
-- unit: agents | at_risk, ended; instants | ends; seconds | p50, p95, restricted_mean
-- grain: run, stat
-- unfinished: an agent of which something is left at the window's end is right-censored (Kaplan and Meier 1958): a quantile that the curve does not reach has no hi, and lo is the longest time observed; restricted_mean has lo and hi apart where nobody was followed as far as its horizon; where a log leaves ends open, no curve that they allow says less than lo or more than hi
-- assumes: agents that were abandoned in the horizon_days before the window's end, which are days, because they are few and it takes weeks, and since the control model governs: in a transition that is since the run began, mostly days ago, so that there are few, or not one, and nothing is known of a mean over more days; where each model has governed all along (steady) it is always
-- assumes: from then until the last verifier has stopped accepting the last of their credentials, and the last of what they were given, from which an issuer would make more, was taken back
-- assumes: one that never had anything does not count
-- assumes: restricted_mean: what lasts longer than the horizon counts as that, which is mean_days
-- assumes: at_risk: how many agents the quantiles and the mean are of
-- assumes: ended: of how many of these the end was seen
-- assumes: ends: at how many different instants: agents whose keys one clean-up took back ended together, and tell little more than one
-- assumes: a person who leaves is no such agent (orphans), and what such a person knows of keys nobody writes down
-- assumes: on a log only where it begins before keys were issued, shows entitlements, and an inventory lists every agent that was abandoned
-- assumes: of a real log never, because no export says when an agent was abandoned
-- parameter: horizon_days = 365 in (0, 365] | days before the window's end in which agents that were abandoned count
-- parameter: mean_days = 90 in (0, 36525] | days after that up to which the mean is restricted
-- pool: observations | kaplan-meier | mean_days of restricted_mean
-- source: effective time to revoke, from offboarding to last acceptable instant (OWASP NHI1 improper offboarding); restricted mean survival time (Royston and Parmar, BMC Medical Research Methodology 13, 2013)
WITH abandoned AS (
    -- Of those of before the run, whose times are truncated on the left, only whoever lasted long is there.
    SELECT g.run, g.principal, g.since, r.t1
    FROM gone g JOIN run r USING (run)
    WHERE g.since >= r.t1 - to_microseconds(($horizon_days * 8.64e10)::BIGINT) AND (g.since >= r.begins OR r.estimand = 'steady')
), kept AS (
    -- Until when, verifier by verifier, of which one that has heard of nothing accepts it until it ends; where it is not certain that
    -- it is held at all, nobody knows.
    SELECT a.run, a.principal, b.bound,
           CASE WHEN b.bound = 'lo' THEN least(c.seen_to, c.to_lo, c.given_to, v.until_lo)
                WHEN c.to_hi IS NOT NULL AND (b.bound = 'hi' OR c.certain) THEN least(c.to_hi, c.given_to, v.until_hi) END AS until
    FROM abandoned a
    JOIN covered c ON c.run = a.run AND c.holder = a.principal
    JOIN bounds b ON c.bound IN ('exact', b.bound)
    JOIN catalogue k ON k.run = c.run AND k.atom = c.atom
    LEFT JOIN acceptance v ON v.run = c.run AND v.credential = c.id AND v.verifier = k.verifier
    -- What ended before it began was never accepted.
    WHERE coalesce(until > CASE WHEN b.bound = 'lo' THEN c.from_hi ELSE c.from_lo END, true)
    UNION ALL
    SELECT a.run, a.principal, b.bound, CASE WHEN b.bound = 'lo' THEN coalesce(g.valid_to, a.since) ELSE g.valid_to END
    FROM abandoned a JOIN assignment g USING (run, principal) CROSS JOIN bounds b
    UNION ALL
    -- What was given to whom no inventory lists no log shows.
    SELECT a.run, a.principal, b.bound, NULL FROM abandoned a ANTI JOIN assignment g USING (run, principal) JOIN bounds b ON b.bound = 'hi'
), spans AS (
    SELECT a.run, a.principal, b.bound, a.since, a.t1,
           CASE WHEN count(k.run) = count(k.until) THEN least(coalesce(max(k.until), any_value(a.since)), any_value(a.t1)) END AS until
    FROM (FROM abandoned SEMI JOIN kept USING (run, principal)) a
    CROSS JOIN bounds b
    LEFT JOIN kept k ON k.run = a.run AND k.principal = a.principal AND k.bound = b.bound
    GROUP BY a.run, a.principal, b.bound, a.since, a.t1
), times AS (
    SELECT run, 'agent' AS part, principal, bound, true AS sure, greatest(s.until, since) AS until, s.until < t1 AS observed,
           greatest(0, epoch_us(s.until) - epoch_us(since)) / 1e6 AS seconds
    FROM spans s WHERE s.until IS NOT NULL
), observations AS (
    SELECT run, min(seconds) AS lo, CASE WHEN bool_and(observed) THEN max(seconds) END AS hi, one_instant(until) AS until FROM times GROUP BY run, principal
), shown AS (
    SELECT r.run, r.sees_scope AND r.sees_every_credential AND NOT is_rebuilt(r.scenario) AND r.kind <> 'ingested' AS seen,
           coalesce(v.agents, 0) + coalesce(h.credentials, 0) AS vague
    FROM run r LEFT JOIN perhaps_abandoned h USING (run)
    LEFT JOIN (SELECT run, count(DISTINCT principal) AS agents FROM spans WHERE until IS NULL GROUP BY run) v USING (run)
)
FROM survival_said('shown', 'times', $mean_days * 86400) ORDER BY run, stat
