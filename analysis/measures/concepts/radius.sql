-- How much is in reach: the value of it from one change to the next, and for how long it is how much.
-- parameter: found_median_hours = 24 in [0, 876600] | hours from a call until somebody reads the log that it is in, the median, unless scenario.leaks.found_median_s says it
-- parameter: found_sigma = 1.5 in [0, 10] | spread of the logarithm of that time, unless scenario.leaks.found_sigma says it

-- A spot and a cell, or a verifier (-1: any), as one number, a lane: millions of rows are sorted by it, which takes longer by two.
CREATE TEMP MACRO lane_of(spot, cell) AS (spot::BIGINT << 32) + cell + 1;
CREATE TEMP MACRO spot_of(lane) AS lane >> 32;
CREATE TEMP MACRO cell_of(lane) AS (lane & 4294967295) - 1;

-- When each layer is in reach in a lane, without overlaps, and how much it adds (`step`).
CREATE TEMP MACRO layers_of(spans) AS TABLE
WITH marked AS (
    SELECT *, max(ends) OVER (PARTITION BY lane, layer ORDER BY starts ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM query_table(spans) WHERE starts < ends
)
SELECT * EXCLUDE (covered) REPLACE (greatest(starts, covered) AS starts)
FROM marked WHERE ends > coalesce(covered, starts);

-- What comes into reach at an instant less what goes out of it then.
CREATE TEMP MACRO changes_of(layers) AS TABLE
SELECT lane, time, sum(step) AS step
FROM (SELECT lane, unnest([step, -step]) AS step, unnest([starts, ends]) AS time FROM query_table(layers))
GROUP BY ALL HAVING sum(step) <> 0;

-- The value in reach in each lane from one change to the next, since the first. Each group counts once, at its highest level:
-- level by level without overlaps, as much as that level adds.
CREATE TEMP MACRO value_of(changes) AS TABLE
SELECT lane, time AS starts, lead(time) OVER since AS ends, sum(step) OVER since AS value
FROM query_table(changes) WINDOW since AS (PARTITION BY lane ORDER BY time);

-- From here on it is told of bundles of layers; of the issuer, who is one, of each layer.
CREATE TEMP VIEW spans_in_reach AS
SELECT lane_of(spot, r.cell) AS lane, b.layer, b.step, greatest(r.starts, r.t0) AS starts, r.ends
FROM in_reach r JOIN ring_at USING (spot) JOIN bundle_in_ring b USING (ring, opening)
UNION ALL
SELECT lane_of(spot, asks('t5')), l.layer, l.step, m.starts, m.ends
FROM made_by_issuer m JOIN spot s USING (spot) JOIN layer l ON l.run = s.run AND l.resource_group = m.resource_group AND l.weight <= m.weight;

-- One after the other, because each takes much memory.
CREATE TEMP VIEW layers_in_reach AS FROM layers_of('spans_in_reach');
CREATE TEMP VIEW changes_in_reach AS FROM changes_of('layers_in_reach');
CREATE TEMP TABLE radius AS FROM value_of('changes_in_reach');

-- A credential copied on its way, without its key: from the issuer to its holder whatever it opens (cell -1), and with a
-- call to a verifier that looks at its audience what it opens there. Its place is itself, by a number after those of spots.
CREATE TEMP TABLE copied AS
SELECT (row_number() OVER () + (SELECT max(spot) FROM spot))::INTEGER AS token, spot, credential, count(*) = 1 AS unchanged
FROM at_hand WHERE NOT needs_key GROUP BY spot, credential;
CREATE TEMP VIEW bundle_in_transit AS
SELECT ring, opening, -1 AS cell, layer, step FROM bundle_in_ring
UNION ALL
SELECT ring, opening, cell, layer, step FROM bundle_by_copy SEMI JOIN (FROM opening_set WHERE one_audience) o USING (opening);
CREATE TEMP VIEW in_transit AS
SELECT c.token, c.unchanged, r.ring, h.opening, h.starts, h.ends FROM at_hand h JOIN copied c USING (spot, credential) JOIN ring_at r USING (spot);
CREATE TEMP VIEW spans_in_transit AS
SELECT lane_of(token, b.cell) AS lane, b.layer, b.step, starts, ends FROM in_transit JOIN bundle_in_transit b USING (ring, opening) WHERE NOT unchanged;
CREATE TEMP VIEW layers_in_transit AS FROM layers_of('spans_in_transit');
CREATE TEMP VIEW changes_in_transit AS FROM changes_of('layers_in_transit');
-- Most open the same all their life, in one piece: of these nothing is sorted.
CREATE TEMP TABLE radius_in_transit AS
FROM value_of('changes_in_transit')
UNION ALL
SELECT lane_of(token, w.cell), unnest([starts, ends]), unnest([ends, NULL]), unnest([w.value, 0])
FROM in_transit JOIN (SELECT ring, opening, cell, sum(step) AS value FROM bundle_in_transit GROUP BY ALL) w USING (ring, opening) WHERE unchanged;

-- At a verifier that looks at audiences a copy opens what it opens at any other (cell -1), but for the groups that something opens
-- there alone: of those it takes away what is in reach anywhere, and puts what both open. So what is the same at all verifiers is
-- sorted once.
CREATE TEMP VIEW spans_by_copy AS
SELECT lane_of(spot, b.cell) AS lane, b.layer, b.step, h.starts, h.ends
FROM at_hand h JOIN ring_at USING (spot) JOIN bundle_by_copy b USING (ring, opening)
WHERE NOT h.needs_key;
CREATE TEMP TABLE layers_by_copy AS FROM layers_of('spans_by_copy');
CREATE TEMP VIEW layers_elsewhere AS
SELECT l.* REPLACE (lane_of(r.spot, b.verifier) AS lane)
FROM layers_by_copy l JOIN ring_at r ON r.spot = spot_of(l.lane)
JOIN (SELECT DISTINCT ring, layer, unnest(checked_at) AS verifier FROM bundle_by_copy WHERE cell = -1) b USING (ring, layer)
WHERE cell_of(l.lane) = -1;
CREATE TEMP VIEW changes_by_copy AS
WITH changes AS MATERIALIZED (
    FROM changes_of('layers_by_copy')
)
FROM changes
UNION ALL
SELECT c.* REPLACE (lane_of(r.spot, v.verifier) AS lane)
FROM changes c JOIN ring_at r ON r.spot = spot_of(c.lane) JOIN verifier_apart v USING (ring) WHERE cell_of(c.lane) = -1
UNION ALL
SELECT * REPLACE (-step AS step) FROM changes_of('layers_elsewhere');
-- Of several changes at one instant each but the last is in force for no time.
CREATE TEMP TABLE radius_by_copy AS FROM value_of('changes_by_copy');

-- The value in reach of whoever reads a log later, of all that was seen at one instant. What was left in it first is in reach first,
-- however long it takes until that is read, so that what was left later adds only what outlasts it.
CREATE TEMP TABLE radius_in_logs AS
WITH spans AS (
    SELECT r.run, r.place, r.bound::ENUM('lo', 'hi', 'exact') AS bound, r.cell, r.seen, l.layer, l.step,
           greatest(r.starts, r.seen, r.t0) AS starts, r.ends
    FROM read_later r JOIN layer l ON l.run = r.run AND l.resource_group = r.resource_group AND l.weight <= r.weight
), marked AS (
    SELECT *, max(ends) OVER (PARTITION BY cell, place, bound, layer ORDER BY seen, ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM spans WHERE starts < ends
), change AS (
    SELECT run, place, bound, seen, time, sum(step) AS step
    FROM (SELECT run, place, bound, seen, unnest([greatest(starts, covered), ends]) AS time, unnest([step, -step]) AS step
          FROM marked WHERE ends > coalesce(covered, starts))
    GROUP BY ALL HAVING sum(step) <> 0
)
SELECT run, place, bound, seen, time AS starts, lead(time) OVER since AS ends, sum(step) OVER since AS value
FROM change WINDOW since AS (PARTITION BY run, place, bound, seen ORDER BY time);

-- Of what lies in logs several parts, seen at several instants, may be in reach at once: between any two changes at a place,
-- what was seen first is in reach for all delays that are no longer than the time since, and each that was seen later adds to
-- that for the shorter ones. So each sum of values is in reach as long as the next is not.
CREATE TEMP VIEW in_logs AS
WITH lying AS (
    FROM radius_in_logs WHERE value > 0
), numbered AS (
    SELECT run, bound, place, seen, starts, value, time,
           dense_rank() OVER (PARTITION BY run, bound, place ORDER BY time) AS number
    FROM (SELECT *, unnest([starts, ends]) AS time FROM lying)
), stretch AS (
    SELECT run, bound, place, seen, value, unnest(range(min(number), max(number))) AS number
    FROM numbered GROUP BY run, bound, place, seen, starts, value
), instant AS (
    SELECT run, bound, place, number, time, lead(time) OVER (PARTITION BY run, bound, place ORDER BY number) AS following
    FROM (SELECT DISTINCT run, bound, place, number, time FROM numbered)
)
SELECT s.run, s.bound, i.time AS starts, i.following AS ends, s.seen, lead(s.seen) OVER sooner AS seen_next, sum(s.value) OVER sooner AS value
FROM stretch s JOIN instant i ON i.run = s.run AND i.bound = s.bound AND i.place IS NOT DISTINCT FROM s.place AND i.number = s.number
WINDOW sooner AS (PARTITION BY s.run, s.bound, s.place, s.number ORDER BY s.seen);

-- Whose a place is, in which bound, and at how many verifiers a copy opens there what it opens nowhere else.
CREATE TEMP TABLE place_apart AS
SELECT s.spot, s.run, s.bound, coalesce(v.verifiers, 0) AS apart
FROM spot s LEFT JOIN ring_at USING (spot) LEFT JOIN (SELECT ring, count(*) AS verifiers FROM verifier_apart GROUP BY ring) v USING (ring);

-- For how long, in parts times microseconds of so many parts in all (`of`), summed over places, how much is in reach. `t2` is that
-- of `t1c` and what an issuer would grant; `hops_1` to `hops_3` are what of it is within so many hops. It is summed up before anything
-- is asked of it, because then there is little left.
CREATE TEMP TABLE reach_law AS
WITH summed AS (
    SELECT p.run, p.bound, p.apart, r.by_copy, cell_of(r.lane) AS cell, r.value, sum((epoch_us(r.ends) - epoch_us(r.starts))::HUGEINT) AS us
    FROM (SELECT false AS by_copy, * FROM radius UNION ALL SELECT true, * FROM radius_by_copy) r JOIN place_apart p ON p.spot = spot_of(r.lane)
    WHERE r.value > 0 GROUP BY ALL
), law AS (
    SELECT s.run, s.bound, 't1a' AS threat, v.number AS of, s.value, s.us * CASE s.cell WHEN -1 THEN v.number - s.apart ELSE 1 END AS mass
    FROM summed s JOIN verifiers v USING (run) WHERE s.by_copy
    UNION ALL
    SELECT s.run, s.bound, q.threat, 1, s.value, s.us
    FROM summed s JOIN question q ON s.cell & q.question <> 0 WHERE NOT s.by_copy
)
SELECT l.run, b.bound, l.threat, l.of, l.value, sum(l.mass) AS mass
FROM law l JOIN counts_for b ON b.known = l.bound GROUP BY ALL;

-- The same of what lies in logs.
CREATE TEMP TABLE log_law AS
WITH waiting AS (
    -- The time until somebody reads the log.
    SELECT run, 1e6 * coalesce((scenario ->> '$.leaks.found_median_s')::DOUBLE, getvariable('found_median_hours') * 3600) AS median_us,
           abs(coalesce((scenario ->> '$.leaks.found_sigma')::DOUBLE, getvariable('found_sigma'))) AS sigma
    FROM run
), passed AS (
    -- Of all delays those of so many cells and fewer: how many parts they are, and how long they are together. None is longer
    -- than a century.
    SELECT run, cell, sum(parts) OVER sooner AS parts, sum(parts * delay::HUGEINT) OVER sooner AS delays
    FROM (SELECT w.run, c.cell, c.parts, least(w.median_us * exp(c.cell / 8 * w.sigma), 3.15576e15)::BIGINT AS delay
          FROM waiting w CROSS JOIN normal_cell c)
    WINDOW sooner AS (PARTITION BY run ORDER BY cell ROWS UNBOUNDED PRECEDING)
), waited AS (
    -- Between two instants a value is in reach for as long as the time since it was seen is longer than a delay.
    SELECT run, bound, value, unnest([1, -1, -1, 1]) AS sign,
           unnest([epoch_us(ends) - epoch_us(seen), epoch_us(starts) - epoch_us(seen),
                   epoch_us(ends) - epoch_us(seen_next), epoch_us(starts) - epoch_us(seen_next)]) AS us
    FROM in_logs
), outlasted AS (
    -- The last cell whose delays are no longer.
    SELECT d.*, CASE WHEN d.us >= 3.15576e15 THEN 40 WHEN w.sigma = 0 THEN CASE WHEN d.us >= w.median_us THEN 40 END
                     ELSE least(40, floor(8 * ln(d.us / w.median_us) / w.sigma)) END::INTEGER AS cell
    FROM waited d JOIN waiting w USING (run) WHERE d.us > 0
), lasted AS (
    SELECT run, d.bound, d.value, sum(d.sign * (p.parts * d.us::HUGEINT - p.delays)) AS mass
    FROM outlasted d JOIN passed p USING (run, cell) GROUP BY run, d.bound, d.value
)
SELECT l.run, b.bound, 't3' AS threat, 1000000000000 AS of, l.value, sum(l.mass) AS mass
FROM lasted l JOIN counts_for b ON b.known = l.bound GROUP BY ALL;

CREATE TEMP VIEW threat_law AS FROM reach_law UNION ALL FROM log_law;
