-- How long something lasts of which not every end was seen (Kaplan and Meier, JASA 53, 1958): the curve, its quantiles, the area below it.

-- Bounds of each curve, just after each time. Of `times` there is of each thing one that is 'exact', which counts in each bound,
-- or one in each bound: the `part` of a run that it is in, its seconds, `until` which instant, whether that end was `observed`,
-- or it left early, and whether it is `sure` to be one at all. `longest`: the greatest of the least times of those that are sure.
CREATE TEMP MACRO survival_curve(times) AS TABLE
WITH steps AS (
    -- At each time, how many last until then at least and at most; of how many it is the time at the soonest (`may_end`), and at the latest
    -- of those that are sure (`end_surely`).
    SELECT run, part, seconds, left_early, left_early_hi, sure_left_early_hi, may_end, end_surely,
           sum(sure_here) OVER above - sure_here + left_early AS alive, sum(here_hi) OVER above - here_hi + left_early_hi AS alive_hi,
           max(CASE WHEN sure_here > 0 THEN seconds END) OVER (PARTITION BY run, part) AS longest
    FROM (SELECT run, part, seconds,
                 count(*) FILTER (bound <> 'hi') AS may_end, count(*) FILTER (bound <> 'lo' AND sure) AS end_surely,
                 count(*) FILTER (bound <> 'hi' AND sure) AS sure_here, count(*) FILTER (bound <> 'lo') AS here_hi,
                 count(*) FILTER (bound <> 'hi' AND sure AND NOT observed) AS left_early,
                 count(*) FILTER (bound <> 'lo' AND NOT observed) AS left_early_hi,
                 count(*) FILTER (bound <> 'lo' AND sure AND NOT observed) AS sure_left_early_hi
          FROM query_table(times) GROUP BY run, part, seconds)
    WINDOW above AS (PARTITION BY run, part ORDER BY seconds DESC ROWS UNBOUNDED PRECEDING)
), factors AS (
    -- What a time at which some leave early puts on those who stay: more where fewer are alive.
    SELECT *, CASE WHEN alive_hi > left_early THEN alive_hi / (alive_hi - left_early) END AS least_put,
           CASE WHEN left_early_hi = 0 THEN 1 WHEN alive > left_early_hi THEN alive / (alive - left_early_hi) ELSE 'infinity'::DOUBLE END AS most_put
    FROM steps
)
-- Between two such times the curve's own factors telescope: it is the share that is alive, times what was put on them before. So
-- whoever lasts longer may make it fall sooner, and no curve of the least or of the most times bounds all. None lies below one that
-- has as few alive of as many as there may be, and as little put on them, just after each time; nor above one that has as many of as
-- few, and as much, and no more than if all who left early were alive for ever. These bound all, and need be none of them.
SELECT run, part, seconds, longest,
       CASE WHEN least_put IS NULL THEN alive ELSE (alive - left_early) * least_put END
       / (alive - left_early + sum(may_end) OVER upto) * coalesce(product(least_put) OVER before, 1) AS least,
       least(alive_hi / (alive_hi - sure_left_early_hi + sum(end_surely) OVER upto) * coalesce(product(most_put) OVER before, 1),
             (alive_hi - left_early_hi + sum(left_early_hi) OVER upto)
             / (alive_hi - left_early_hi + sum(left_early_hi + end_surely - sure_left_early_hi) OVER upto)) AS most
FROM factors
WINDOW upto AS (PARTITION BY run, part ORDER BY seconds ROWS UNBOUNDED PRECEDING),
       before AS (PARTITION BY run, part ORDER BY seconds ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING);

-- Of each part of a run, in seconds, median and ninety-fifth percentile of times, and their mean where what lasts longer than a horizon
-- counts as that (the area below the curve, restricted: Royston and Parmar, BMC Medical Research Methodology 13, 2013); and how many are
-- at risk at first, of how many the end was seen, and at how many instants these ends were, because what ends together mostly has one
-- cause. A curve that has not come to nothing when the last leaves early may do so then, or stay as it is: where that is before the
-- horizon, the mean lies between. `unknowns`: how many left early, of the mean before its horizon.
CREATE TEMP MACRO survival(times, horizon) AS TABLE
WITH curve AS (
    -- Of things of which none is certain to be one there is no curve.
    FROM survival_curve(times) SEMI JOIN (SELECT DISTINCT run, part FROM query_table(times) WHERE sure) USING (run, part)
), along AS (
    SELECT *, lead(seconds) OVER (PARTITION BY run, part ORDER BY seconds) AS following FROM curve
), area AS (
    -- In the order of times, so that the last digit is the same each time.
    SELECT run, part, least(min(seconds), horizon)
           + list_sum(list(least * greatest(0, least(coalesce(following, seconds), horizon) - seconds) ORDER BY seconds)) AS lo,
           least(min(seconds), horizon)
           + list_sum(list(most * greatest(0, least(coalesce(following, horizon), horizon) - seconds) ORDER BY seconds)) AS hi
    FROM along GROUP BY run, part
), numbers AS (
    SELECT run, part, count(*) FILTER (bound <> 'hi' AND sure) AS at_risk, count(*) FILTER (bound <> 'lo') AS at_risk_hi,
           count(*) FILTER (observed AND bound <> 'lo' AND sure) AS ended, count(*) FILTER (observed AND bound <> 'hi') AS ended_hi,
           count(*) FILTER (NOT observed AND bound <> 'lo') AS left_early,
           count(*) FILTER (NOT observed AND bound <> 'lo' AND seconds < horizon) AS left_before,
           count(DISTINCT until) FILTER (observed AND bound <> 'hi') AS instants,
           coalesce(sum(epoch_us(until)) FILTER (observed AND bound <> 'hi'), 0) AS soonest,
           coalesce(sum(epoch_us(until)) FILTER (observed AND bound <> 'lo'), 0) AS latest
    FROM query_table(times) GROUP BY run, part
), together AS (
    -- No end is sooner at the latest than at the soonest; so where these come to the same, each is known. Else any two may be at one instant.
    SELECT *, CASE WHEN ended = ended_hi AND soonest = latest THEN instants ELSE least(ended, 1) END AS ends,
           CASE WHEN ended = ended_hi AND soonest = latest THEN instants ELSE ended_hi END AS ends_hi
    FROM numbers
), told AS (
    SELECT c.run, c.part, q.stat, least(min(c.seconds) FILTER (c.least <= 1 - q.share + 1e-12), any_value(c.longest)) AS lo,
           -- Where a curve falls no further, its quantile may be anything beyond the longest time.
           min(c.seconds) FILTER (c.most <= 1 - q.share + 1e-12) AS hi
    FROM curve c CROSS JOIN (VALUES ('p50', 0.5), ('p95', 0.95)) q(stat, share)
    GROUP BY c.run, c.part, q.stat
    UNION ALL
    SELECT run, part, 'restricted_mean', lo, CASE WHEN hi - lo > 1e-12 * hi THEN hi ELSE lo END FROM area
    UNION ALL
    SELECT run, part, unnest(['at_risk', 'ended', 'ends']), unnest([at_risk, ended, ends]), unnest([at_risk_hi, ended_hi, ends_hi]) FROM together
)
SELECT t.*, CASE t.stat WHEN 'restricted_mean' THEN n.left_before WHEN 'at_risk' THEN n.at_risk_hi - n.at_risk
                        WHEN 'ends' THEN greatest(0, n.ends_hi - n.ends) ELSE n.left_early END AS unknowns
FROM told t JOIN together n USING (run, part);

-- The instant at which something ends, where it is known.
CREATE TEMP MACRO one_instant(until) AS CASE WHEN min(until) = max(until) THEN max(until) END;

-- What that is, and how much where there is nothing to follow: then nobody knows how long it lasts.
CREATE TEMP VIEW survival_stat AS
FROM (VALUES ('p50', NULL), ('p95', NULL), ('restricted_mean', NULL), ('at_risk', 0), ('ended', 0), ('ends', 0)) s(stat, of_nobody);

-- The same of each run, where it is `shown`: whether the run is `seen` to tell it at all, and of how many things it is `vague`, so that
-- nothing of it is told.
CREATE TEMP MACRO survival_said(shown, times, horizon) AS TABLE
SELECT r.run, g.stat, CASE WHEN r.seen AND r.vague = 0 THEN coalesce(s.lo, g.of_nobody) END AS lo,
       CASE WHEN r.seen AND r.vague = 0 THEN coalesce(s.hi, g.of_nobody) END AS hi,
       (coalesce(s.unknowns, 0) + r.vague + CASE WHEN r.seen THEN 0 ELSE 1 END)::BIGINT AS unknowns
FROM query_table(shown) r
CROSS JOIN survival_stat g
LEFT JOIN survival(times, horizon) s ON s.run = r.run AND s.stat = g.stat;
