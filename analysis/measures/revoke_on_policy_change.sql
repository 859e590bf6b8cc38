-- title: Revoking on policy change
-- question: After another policy has come into force, how long is what was given under the one before still accepted somewhere?
-- unit: credentials | at_risk, ended; instants | ends; seconds | p50, p95, restricted_mean
-- grain: run, stat
-- unfinished: what is still accepted at the window's end is right-censored (Kaplan and Meier 1958): a quantile that the curve does not reach has no hi, and lo is the longest time observed; restricted_mean has lo and hi apart where nothing was followed as far as its horizon; where a log leaves ends open, no curve that they allow says less than lo or more than hi
-- assumes: of each policy that took the place of another in the window, the credentials of agents then at work that were issued before and that some verifier accepted then
-- assumes: from then until the last verifier has stopped accepting such a credential, or the last of what it was renewed to, one after another, with no yes of anybody that is younger than the policy
-- assumes: of a token that no verifier asks anybody about, and that is not renewed, it is the lifetime that is left
-- assumes: whether the new policy forbids what it opens is not asked, because no measure calls a policy: whatever rests on a decision under the old one counts
-- assumes: where each request is decided the new one may refuse a call that a verifier would take (decisions)
-- assumes: restricted_mean: what lasts longer than the horizon counts as that
-- assumes: at_risk: how many credentials the quantiles and the mean are of
-- assumes: ended: of how many of these the end was seen
-- assumes: ends: at how many different instants: credentials that ended together, as all of one agent do that are taken back at once, tell little more than one
-- assumes: on a log only where it shows every credential, what each opens and every decision, and where it is certain which were accepted then and what was decided
-- parameter: mean_hours = 24 in (0, 876600] | hours after a change of policy up to which the mean is restricted
-- pool: observations | kaplan-meier | mean_hours of restricted_mean
-- source: effective time to revoke, from policy change to last acceptable instant; restricted mean survival time (Royston and Parmar, BMC Medical Research Methodology 13, 2013)
WITH RECURSIVE changed AS (
    SELECT DISTINCT p.run, p.valid_from AS since
    FROM policy p JOIN run r USING (run)
    WHERE p.valid_from >= r.t0 AND p.valid_from < r.t1 AND EXISTS (FROM policy o WHERE o.run = p.run AND o.valid_from < p.valid_from)
), accepted AS (
    SELECT h.run, h.credential, h.bound, max(h.ends) AS ends
    FROM carried h SEMI JOIN changed USING (run) GROUP BY h.run, h.credential, h.bound
), overtaken AS (
    -- Where assignments are asked, one may be accepted before and after, and not then.
    SELECT DISTINCT c.run, c.since, h.credential, h.bound
    FROM changed c
    JOIN carried h ON h.run = c.run AND h.since < c.since AND h.ends > c.since
    LEFT JOIN gone g ON g.run = h.run AND g.principal = h.holder
    WHERE coalesce(g.since > c.since, NOT h.abandoned)
), renewals AS (
    SELECT e.run, e.credential, e.issued, e.time, max(d.time) FILTER (d.decision = 'allow') AS decided, max(d.time) FILTER (d.decision IS NULL) AS may_be
    FROM bare_event e
    SEMI JOIN changed USING (run)
    LEFT JOIN bare_event d ON d.run = e.run AND d.kind = 'decide' AND d.decision IS DISTINCT FROM 'deny' AND d.credential = e.credential AND d.time <= e.time
    WHERE e.kind = 'renew' AND e.credential IS NOT NULL AND e.issued IS NOT NULL
    GROUP BY ALL
), carried_on AS (
    -- What a credential was renewed to since, with no decision since.
    SELECT run, since, credential AS first, credential FROM overtaken
    UNION
    SELECT c.run, c.since, c.first, w.issued
    FROM carried_on c JOIN renewals w ON w.run = c.run AND w.credential = c.credential AND w.time >= c.since AND coalesce(w.decided < c.since, true)
), times AS (
    SELECT c.run, 'credential' AS part, c.since, c.first, a.bound, true AS sure, max(a.ends) AS until, until < r.t1 AS observed,
           (epoch_us(until) - epoch_us(c.since)) / 1e6 AS seconds
    FROM carried_on c
    JOIN accepted a ON a.run = c.run AND a.credential = c.credential
    JOIN run r ON r.run = c.run
    GROUP BY c.run, c.since, c.first, a.bound, r.t1
), observations AS (
    SELECT run, min(seconds) AS lo, CASE WHEN bool_and(observed) THEN max(seconds) END AS hi, one_instant(until) AS until FROM times GROUP BY run, since, first
), doubtful AS (
    -- Of which it is not certain that they were accepted then, or that nobody has decided on what they were renewed to since.
    SELECT run, count(*) AS credentials
    FROM (SELECT run, since, credential FROM overtaken GROUP BY ALL HAVING count(*) < (SELECT count(*) FROM bounds)
          UNION
          SELECT c.run, c.since, c.first FROM carried_on c JOIN renewals w ON w.run = c.run AND w.credential = c.credential AND w.time >= c.since
          WHERE coalesce(w.decided < c.since, true) AND w.may_be >= c.since) GROUP BY run
), shown AS (
    SELECT r.run, r.sees_every_credential AND r.sees_scope AND r.sees_decisions AS seen, coalesce(v.credentials, 0) + coalesce(d.credentials, 0) AS vague
    FROM run r
    LEFT JOIN (FROM unknown_carried SEMI JOIN changed USING (run)) v USING (run)
    LEFT JOIN doubtful d USING (run)
)
FROM survival_said('shown', 'times', $mean_hours * 3600) ORDER BY run, stat
