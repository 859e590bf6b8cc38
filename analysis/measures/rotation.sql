-- title: Rotation
-- question: Which share of static keys is older than the rule says, and how much do an old key and its successor let do side by side?
-- unit: percent of static keys | overdue_*; weighted permission-hours per agent-day | overlap
-- grain: run, stat
-- unfinished: keys accepted at the window's end are the stock there; whatever is still valid then is cut there
-- assumes: overdue_at_end: of the static keys that some verifier accepts at the window's end, those made longer ago than the period, rotated ones in their overlap too; overdue_mean: the same of every moment of the window, each key for as long as it is accepted. The period is what the control model states, or else the parameter; where nobody states one, nothing is known to be overdue. overlap: while a static key and one that its holder was given later, and that opens exactly the same, are both accepted, each holder and atom once, with the declared weight. A log without what came before it does not tell the share
-- parameter: rotation_days = 0 in [0, 36525] | days after which a static key is to be replaced, where the run states no age; 0: nobody says
-- source: credential rotation: overdue share; weighted hours in which the old secret and the new one both work
WITH stated AS (
    SELECT run, to_microseconds((86400e6 * coalesce(TRY_CAST(settings ->> '$.governance.rotation_days' AS DOUBLE),
                                                    nullif($rotation_days, 0)))::BIGINT) AS period
    FROM run
), static AS (
    SELECT c.run, c.id, c.from_lo, c.from_hi, c.to_lo, c.to_hi, r.t0, r.t1, s.period, c.holder IS NULL OR c.scope_set IS NULL AS loose
    FROM accepted_credential c
    JOIN run r USING (run)
    JOIN stated s USING (run)
    WHERE is_standing_key(c.kind)
), aged AS (
    -- Each key while it is older than the rule, and while it is not: for certain, and at most.
    SELECT run, t0, t1, unnest([{part: 'old_lo', starts: from_hi + period, ends: to_lo},
                                {part: 'old_hi', starts: from_lo + period, ends: to_hi},
                                {part: 'new_lo', starts: from_hi, ends: least(to_lo, from_lo + period)},
                                {part: 'new_hi', starts: from_lo, ends: least(to_hi, from_hi + period)}], recursive := true)
    -- Of a key of which a time is not known nothing is said where it may have been there, and else it adds nothing.
    FROM static WHERE period IS NOT NULL
), amounts AS (
    SELECT run, part, count(*) FILTER (starts < t1 AND ends >= t1) AS at_end, sum(exposed_us(starts, ends, t0, t1))::HUGEINT AS us
    FROM aged WHERE starts < ends GROUP BY run, part
), parts AS (
    SELECT run, stat, coalesce(max(amount) FILTER (part = 'old_lo'), 0) AS old_lo, coalesce(max(amount) FILTER (part = 'old_hi'), 0) AS old_hi,
           coalesce(max(amount) FILTER (part = 'new_lo'), 0) AS new_lo, coalesce(max(amount) FILTER (part = 'new_hi'), 0) AS new_hi
    FROM (SELECT run, part, 'overdue_at_end' AS stat, at_end::HUGEINT AS amount FROM amounts
          UNION ALL
          SELECT run, part, 'overdue_mean', us FROM amounts)
    GROUP BY run, stat
), shares AS (
    SELECT run, stat, 100.0 * old_lo / nullif(old_lo + new_hi, 0) AS lo, 100.0 * old_hi / nullif(old_hi + new_lo, 0) AS hi FROM parts
), keyed AS (
    SELECT h.run, h.bound, h.holder, h.atom, h.weight, h.starts, h.ends, c.id, c.scope_set, c.from_lo, c.from_hi
    FROM held h JOIN credential c ON c.run = h.run AND c.id = h.credential
    WHERE is_standing_key(c.kind)
), together AS (
    SELECT o.run, o.bound, o.holder, o.scope_set, o.atom, o.weight,
           CASE WHEN o.starts IS NOT NULL AND s.starts IS NOT NULL THEN greatest(o.starts, s.starts) END AS starts,
           CASE WHEN o.ends IS NOT NULL AND s.ends IS NOT NULL THEN least(o.ends, s.ends) END AS ends
    FROM keyed o JOIN keyed s USING (run, bound, holder, scope_set, atom)
    WHERE CASE o.bound WHEN 'hi' THEN coalesce(o.from_lo < s.from_hi, true) AND o.id <> s.id ELSE o.from_hi < s.from_lo END
), marked AS (
    SELECT *, max(ends) OVER (PARTITION BY run, bound, holder, scope_set, atom ORDER BY starts, ends
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM (SELECT DISTINCT * FROM together WHERE coalesce(starts < ends, true))
), overlap AS (
    SELECT run, bound, count(*) FILTER (starts IS NULL OR ends IS NULL) AS unknowns,
           sum(weight * greatest(0, epoch_us(ends) - epoch_us(greatest(starts, covered)))::HUGEINT) AS weighted
    FROM marked GROUP BY run, bound
), unknown AS (
    SELECT run, count(*) FILTER (from_lo IS NULL OR from_hi IS NULL OR to_lo IS NULL OR to_hi IS NULL) AS spans, count(*) FILTER (loose) AS loose
    FROM static WHERE coalesce(from_lo < t1, true) AND coalesce(to_hi > t0, true)
    GROUP BY run
), worked AS (
    SELECT r.run, proven(v.value, v.bound) AS lo, at_most(v.value, v.bound) AS hi, max(v.unknowns) AS unknowns
    FROM run r JOIN (
        SELECT d.run, d.bound, coalesce(o.unknowns, 0) + coalesce(u.loose, 0) AS unknowns,
               CASE WHEN q.sees_credentials AND q.sees_scope AND coalesce(o.unknowns, 0) = 0
                         AND (d.bound = 'lo' OR (q.sees_every_credential AND coalesce(u.loose, 0) = 0))
                    THEN permission_hours(coalesce(o.weighted, 0)) / d.days END AS value
        FROM agent_days d
        JOIN run q USING (run)
        LEFT JOIN overlap o ON o.run = d.run AND o.bound = d.bound
        LEFT JOIN unknown u ON u.run = d.run
    ) v USING (run)
    GROUP BY r.run
)
SELECT r.run, g.stat,
       CASE WHEN g.stat = 'overlap' THEN w.lo WHEN r.sees_every_credential AND coalesce(u.spans, 0) = 0 THEN coalesce(s.lo, s.hi) END AS lo,
       CASE WHEN g.stat = 'overlap' THEN w.hi WHEN r.sees_every_credential AND coalesce(u.spans, 0) = 0 THEN coalesce(s.hi, s.lo) END AS hi,
       CASE WHEN g.stat = 'overlap' THEN w.unknowns ELSE coalesce(u.spans, 0) END AS unknowns
FROM run r
CROSS JOIN (SELECT unnest(['overdue_at_end', 'overdue_mean', 'overlap']) AS stat) g
JOIN worked w USING (run)
LEFT JOIN shares s ON s.run = r.run AND s.stat = g.stat
LEFT JOIN unknown u ON u.run = r.run
ORDER BY r.run, g.stat
