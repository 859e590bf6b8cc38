-- What is held beside what is needed: in which bounds that is worked out for whom, what outlives the last need, what need lies inside.

-- Identities with a row of what they hold, may be issued or their tasks need that is not 'exact', or with a task that may have been
-- approved or not, and NULL: whoever is not known.
-- What actions need is in the same bounds as what tasks need.
CREATE TEMP TABLE vague_identity AS
SELECT run, holder AS principal FROM held_once WHERE bound <> 'exact' OR holder IS NULL
UNION
SELECT run, principal FROM issuable_once WHERE bound <> 'exact'
UNION
SELECT run, principal FROM task_once WHERE bound <> 'exact'
UNION
SELECT t.run, t.agent FROM bare_event e JOIN task t ON t.run = e.run AND t.id = e.task
LEFT JOIN approval d ON d.run = e.run AND d.id = e.approval
WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.approval IS NOT NULL AND (e.decision IS NULL OR (d.run IS NOT NULL AND d.result IS NULL));

-- Reach and need, to be laid side by side: 'exact' and once of everybody else; of a vague identity an 'exact' row stands in each
-- bound, so that what meets there is of one bound.
CREATE TEMP MACRO worked_out(once) AS TABLE
SELECT h.* REPLACE (narrow(b.bound) AS bound)
FROM query_table(once) h
LEFT JOIN vague_identity v ON v.run = h.run AND v.principal IS NOT DISTINCT FROM h.principal
JOIN worked_out_in b ON b.known = CASE WHEN h.bound = 'exact' AND v.run IS NOT NULL THEN 'vague' ELSE h.bound END;

CREATE TEMP VIEW held_by_identity AS SELECT * EXCLUDE (holder), holder AS principal FROM held_once;
CREATE TEMP VIEW held_worked_out AS FROM worked_out('held_by_identity');
CREATE TEMP VIEW held_by_somebody AS SELECT * EXCLUDE (holder), holder AS principal FROM by_somebody('held_once');
CREATE TEMP VIEW reach_worked_out AS FROM worked_out('held_by_somebody');
CREATE TEMP VIEW grantable_worked_out AS FROM worked_out('issuable_once') WHERE NOT unasked;
CREATE TEMP VIEW mintable_worked_out AS FROM grantable_worked_out WHERE NOT guarded;
CREATE TEMP VIEW task_worked_out AS FROM worked_out('task_stretch_once');
CREATE TEMP VIEW action_worked_out AS FROM worked_out('action_stretch_once');

-- What is carried beside what is needed: once, with the bound in which need is worked out (`need_bound`), where need is the same in
-- each; elsewhere in each bound. `known`: in which bound it is carried so.
CREATE TEMP VIEW carried_beside_need AS
SELECT *, narrow('exact') AS need_bound, bound AS known FROM carried_once SEMI JOIN (FROM clear_need WHERE clear) c USING (run)
UNION ALL
SELECT h.* REPLACE (narrow(b.bound) AS bound), narrow(b.bound), h.bound
FROM (FROM carried_once SEMI JOIN (FROM clear_need WHERE NOT clear) c USING (run)) h JOIN counts_for b ON b.known = h.bound;
CREATE TEMP VIEW held_beside_need AS SELECT * EXCLUDE (abandoned) FROM carried_beside_need WHERE NOT abandoned;

-- What is held that was needed during its life: for how long it outlived the last need (`tail_us`), how much of that lies in the
-- window (`total_us`), and how much of all its life (`held_us`). Where its times are not known, a life that ends later may last
-- into the next need and then outlives none, and one that begins later may have been needed never. So it begins from `soonest` to
-- `latest` and ends from `first_end` to `last_end`, and what was used for certain (`used_us`), what never was (`never_us`) and
-- both have bounds of their own: the least is what is left of the shortest life after the last need in the longest; at most it
-- ended at the latest, or at a need from its first end on. To look up needs is dear: who needs which atom is numbered first, so
-- that what nobody ever needed is not looked up, and what is looked up is compared by one number. A log proves a life up to its
-- last use, which is one of it. Where it is not certain to have been used, or at which need it ended, no tail is (NULL). Of whom nobody
-- knows may have used last what anybody did, or never, or long ago.
CREATE TEMP TABLE held_after_need AS
WITH lane AS (
    SELECT row_number() OVER () AS lane, * FROM (SELECT DISTINCT run, principal, atom, bound FROM task_once)
), beside AS (
    SELECT l.lane, h.run, h.credential, h.holder, h.verifier, h.bound, h.known, h.weight, h.t1, h.since, h.starts, h.ends
    FROM held_beside_need h JOIN lane l ON l.run = h.run AND l.principal = coalesce(h.holder, -1) AND l.atom = h.atom AND l.bound = h.need_bound
    WHERE (h.scope_known OR h.bound <> 'hi') AND h.starts IS NOT NULL AND h.ends IS NOT NULL
), lived AS (
    SELECT lane, run, bound, holder, weight, t1, since, starts, ends, since AS soonest, since AS latest, ends AS first_end, ends AS last_end
    FROM beside WHERE known = 'exact'
    UNION ALL
    -- Where assignments are looked up, they may come and go meanwhile.
    SELECT b.lane, b.run, b.bound, b.holder, b.weight, b.t1, b.since, b.starts, b.ends,
           CASE WHEN b.bound = 'hi' THEN b.since ELSE coalesce(c.from_lo, '-infinity'::TIMESTAMP) END,
           CASE WHEN b.bound = 'lo' THEN b.since ELSE coalesce(c.from_hi, 'infinity'::TIMESTAMP) END,
           CASE WHEN b.bound = 'lo' THEN b.ends WHEN c.run IS NULL THEN b.starts ELSE least(b.ends, coalesce(c.to_lo, b.starts), a.until_lo) END,
           CASE WHEN b.bound = 'hi' THEN b.ends ELSE least(b.t1, c.to_hi, a.until_hi) END
    FROM beside b
    LEFT JOIN credential c ON c.run = b.run AND c.id = b.credential AND c.resolved = 'baked'
    LEFT JOIN acceptance a ON a.run = c.run AND a.credential = c.id AND a.verifier = b.verifier
    WHERE b.known <> 'exact'
), needed AS (
    SELECT l.lane, n.starts, n.ends FROM task_once n JOIN lane l USING (run, principal, atom, bound)
), last AS (
    SELECT h.*, n.starts AS need_starts, n.ends AS need_ends, n.ends > h.since OR n.starts >= h.since AS used,
           h.bound = 'hi' AND (h.latest > h.since OR h.first_end < h.ends) AS vague
    FROM (SELECT *, CASE bound WHEN 'lo' THEN greatest(last_end, first_end + INTERVAL 1 microsecond) ELSE last_end END AS until FROM lived) h
    ASOF JOIN needed n ON n.lane = h.lane AND n.starts < h.until
    WHERE n.ends > h.soonest OR n.starts >= h.soonest
), among AS (
    SELECT *, lag(starts) OVER along AS before_starts, lag(ends) OVER along AS before_ends, lead(starts) OVER along AS following
    FROM needed SEMI JOIN (FROM last WHERE vague) v USING (lane)
    WINDOW along AS (PARTITION BY lane ORDER BY starts)
), spaced AS (
    -- With the longest time between two of them from each on.
    SELECT *, max(epoch_us(following) - epoch_us(ends)) OVER (PARTITION BY lane ORDER BY starts
                                                             ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS apart_us
    FROM among
), looked AS (
    -- What was needed before the first end there may be, and the next need, if there may be no end before it.
    SELECT l.*, CASE WHEN n.lane IS NULL THEN l.need_starts ELSE n.before_starts END AS before_starts,
           CASE WHEN n.lane IS NULL THEN l.need_ends ELSE n.before_ends END AS before_ends,
           CASE WHEN n.starts < l.ends THEN n.starts END AS next_need,
           CASE WHEN n.starts < l.ends AND n.ends <= l.latest THEN l.need_ends END AS last_need,
           CASE WHEN n.following < l.ends THEN n.apart_us END AS later_us
    FROM last l ASOF LEFT JOIN spaced n ON n.lane = l.lane AND n.starts >= l.first_end
    WHERE l.vague
), told AS (
    SELECT *, coalesce(before_ends > since OR before_starts >= since, false) AS used_before,
           coalesce(before_ends > latest OR before_starts >= latest, false) AS used_surely
    FROM looked
)
SELECT run, bound, weight, ends >= t1 AS cut, epoch_us(ends) - epoch_us(starts) AS held_us,
       CASE WHEN used AND (need_starts < first_end OR first_end = last_end)
                 AND (holder IS NOT NULL OR on_truth())
            THEN epoch_us(ends) - epoch_us(greatest(since, least(need_ends, ends))) END AS tail_us,
       epoch_us(ends) - epoch_us(greatest(starts, least(need_ends, ends))) AS total_us,
       CASE WHEN used AND (holder IS NOT NULL OR on_truth()) THEN total_us ELSE 0 END AS used_us, 0 AS never_us
FROM last WHERE NOT vague
UNION ALL
SELECT run, bound, weight, ends >= t1, epoch_us(ends) - epoch_us(starts) AS held_us, held_us, held_us, held_us, held_us
FROM held_beside_need h SEMI JOIN (FROM lane WHERE principal = -1) l USING (run, atom)
WHERE holder IS NULL AND bound = 'hi' AND scope_known AND starts IS NOT NULL AND ends IS NOT NULL
UNION ALL
SELECT run, bound, weight, ends >= t1, epoch_us(ends) - epoch_us(starts) AS held_us,
       greatest(epoch_us(ends) - epoch_us(greatest(since, least(need_ends, ends))), later_us,
                CASE WHEN used_before THEN epoch_us(next_need) - epoch_us(greatest(since, before_ends)) END),
       least(held_us, greatest(epoch_us(ends) - epoch_us(greatest(starts, least(need_ends, ends))), later_us,
                               epoch_us(next_need) - epoch_us(greatest(starts, before_ends)))),
       least(held_us, greatest(epoch_us(ends) - epoch_us(greatest(starts, least(need_ends, ends))), later_us,
                               CASE WHEN used_before THEN epoch_us(next_need) - epoch_us(greatest(starts, before_ends)) END)),
       least(held_us, greatest(0, CASE WHEN NOT used_surely THEN epoch_us(least(next_need, ends)) - epoch_us(greatest(starts, before_ends)) END,
                               -- Where it is not certain to be there at all, it may have begun after needs that it may have ended before.
                               CASE WHEN last_need <= latest THEN epoch_us(ends) - epoch_us(greatest(starts, last_need)) END,
                               CASE WHEN last_need IS NOT NULL THEN later_us END))
FROM told;

-- The weighted need inside what is held, credential by credential: what there was by the end of each, less what there was by
-- its start. Of a tally that is worked out once; who needs which atom is numbered here, too. Where need has bounds, it is the one
-- that goes with what stands (`beside` it: the most need with the least that stands), and the one that goes with what is needed
-- of what is held (the least with the least).
CREATE TEMP MACRO needed_inside(tally) AS TABLE
WITH lane AS (
    SELECT row_number() OVER () AS lane, * FROM (SELECT DISTINCT run, principal, atom, bound FROM query_table(tally))
), goes_with AS (
    FROM (VALUES ('exact', 'exact', ['standing', 'needed']), ('lo', 'lo', ['standing']), ('hi', 'hi', ['standing']),
                 ('lo', 'hi', ['needed']), ('hi', 'lo', ['needed'])) g(need_bound, of_need, beside)
), edge AS (
    SELECT l.lane, h.run, h.bound, g.beside, unnest([h.starts, h.ends]) AS time, unnest([-h.weight, h.weight]) AS weight
    FROM held_beside_need h JOIN goes_with g USING (need_bound)
    JOIN lane l ON l.run = h.run AND l.principal = coalesce(h.holder, -1) AND l.atom = h.atom AND l.bound = g.of_need
    WHERE (h.scope_known OR h.bound <> 'hi') AND h.starts IS NOT NULL AND h.ends IS NOT NULL
), needed AS (
    SELECT l.lane, n.starts, n.ends, n.before_us FROM query_table(tally) n JOIN lane l USING (run, principal, atom, bound)
), inside AS (
    SELECT e.run, e.bound, e.beside, sum(e.weight * (n.before_us + epoch_us(least(e.time, n.ends)) - epoch_us(n.starts))::HUGEINT) AS weighted
    FROM edge e ASOF JOIN needed n ON n.lane = e.lane AND n.starts <= e.time
    GROUP BY e.run, e.bound, e.beside
), apart AS (
    SELECT run, bound, unnest(beside) AS beside, weighted FROM inside
)
SELECT a.run, b.bound, a.beside, sum(a.weighted) AS weighted FROM apart a JOIN counts_for b ON b.known = a.bound GROUP BY ALL;
