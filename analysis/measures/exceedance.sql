-- title: Exceedance of loss
-- question: How many compromises a year are to be expected that cost the fleet so much of its estate, or more?
-- unit: compromises per fleet-year
-- grain: run, loss
-- unfinished: whatever is still valid at the window's end is cut there; the window stands for the year
-- assumes: compromises of annual_loss, at the same hazards, each with what is in reach just then and not with a mean: exact, because that is constant from one change to the next. any: that find anything; at_least_*: with at least so many percent of the estate's declared value in reach, potential and not realised. How rare what is rare is hangs on the hazards that are assumed. On a log a call of unknown outcome counts at most
-- assumes: on a log a credential of which nobody knows who holds it lies at no place for certain, and may lie where most is already, so that there is no upper end
-- source: exceedance curve: frequency times the chance that a loss is at least as great; law of a function that is constant in pieces, weighted by their lengths
WITH threshold AS (
    SELECT unnest(['any', 'at_least_1', 'at_least_5', 'at_least_10', 'at_least_25', 'at_least_50']) AS loss, unnest([0, 1, 5, 10, 25, 50]) AS percent
), reached AS (
    SELECT s.run, g.loss, s.bound, s.threat, s.cause, s.of, sum(s.amount) AS amount
    FROM at_stake s
    JOIN estate e USING (run)
    JOIN threshold g ON 100 * s.value >= g.percent * e.value
    GROUP BY ALL
), often AS (
    SELECT run, c.loss, c.bound, threat, cause, h.a_year * c.amount::DOUBLE / c.of AS times
    FROM reached c JOIN hazard h USING (run, threat, cause)
), summed AS (
    SELECT run, loss, bound, list_sum(list(times ORDER BY threat, cause)) AS times FROM often GROUP BY run, loss, bound
), told AS (
    SELECT k.run, g.loss, k.bound, k.unknowns + k.doubtful + k.unnamed AS unknowns, CASE WHEN k.known AND k.placed AND k.estate > 0 THEN coalesce(s.times, 0) END AS times
    FROM reach_known k
    CROSS JOIN threshold g
    LEFT JOIN summed s ON s.run = k.run AND s.loss = g.loss AND s.bound = k.bound
)
SELECT run, loss, proven(times, bound) AS lo, at_most(times, bound) AS hi, max(unknowns) AS unknowns
FROM told GROUP BY run, loss ORDER BY run, length(loss), loss
