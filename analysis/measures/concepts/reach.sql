-- What a compromise reaches: the holdings that each threat opens, place by place.
-- parameter: dwell_hours = 1 in [0, 876600] | hours from compromise to containment

-- The standard normal in cells an eighth wide, each by its middle and how many of a million million it holds, the outermost
-- with the tails.
CREATE TEMP VIEW normal_cell AS
SELECT n AS cell,
       [49835338052, 49448019127, 48304030314, 46455893489, 43986686225, 41003851436, 37631457092, 34001681408, 30246332879, 26489150709, 22839485272, 19387756609, 16202863480, 13331497971, 10799137994, 8612360279, 6762047911, 5227057170, 3977948951, 2980465547, 2198527729, 1596624268, 1141553939, 803550316, 556868482, 379940088, 255211660, 168775270, 109885406, 70435907, 44449932, 27616649, 16892492, 10172773, 6031257, 3520458, 2023081, 1144591, 637544, 349617, 395652][abs(n) + 1] AS parts
FROM (SELECT unnest(range(-40, 41)) AS n);

CREATE TEMP VIEW verifiers AS SELECT run, count(DISTINCT verifier) AS number FROM catalogue GROUP BY run;

-- What is asked of what is in reach, a bit each. A `cell` is a set of these: what is the same for several is swept once.
CREATE TEMP MACRO threats() AS ['hops_1', 'hops_2', 'hops_3', 't2', 't1c', 't1b', 't4', 't5_bootstrap', 't5'];
CREATE TEMP MACRO asks(threat) AS 1 << (list_position(threats(), threat) - 1);
CREATE TEMP VIEW question AS SELECT asks(threat) AS question, threat FROM (SELECT unnest(threats()) AS threat);

-- Task trees from their roots down: how many tasks are above each, and when it ended, beside whose tree it is and since when
-- (`started`) that one has been at work.
CREATE TEMP TABLE task_tree AS
WITH RECURSIVE below AS (
    SELECT run, id AS task, id AS root, 0 AS above, agent, started, ended IS NULL AS open, ended
    FROM task WHERE parent IS NULL
    UNION ALL
    SELECT t.run, t.id, b.root, b.above + 1, b.agent, b.started, t.started IS NOT NULL AND t.ended IS NULL, t.ended
    FROM task t JOIN below b ON b.run = t.run AND b.task = t.parent
)
FROM below;

-- What whoever controls an agent reaches within the dwell time after t: t lies in the interval stretched back by it. Several
-- questions are asked of that, and most are the same for most agents: what was issued after 1, 2 or 3 hops, all and what an issuer
-- would grant (t2), all without that (t1c). A hop is to use what lies in the process, to control a sub-agent, or to have the
-- issuer make something. What a log does not tell of hops is proven at the end only.
CREATE TEMP VIEW controlled AS
WITH obtained AS (
    SELECT h.spot, h.opening, h.starts, h.ends, h.t0,
           1 << CASE WHEN s.bound = 'lo' AND NOT (r.sees_tasks AND r.sees_every_event) THEN 3
                     ELSE least(coalesce(g.above, 0), 3) END AS class
    FROM at_hand h JOIN spot s USING (spot) JOIN run r USING (run) LEFT JOIN task_tree g ON g.run = s.run AND g.task = h.task
    UNION ALL
    SELECT spot, opening, starts, ends, t0, 16 FROM for_asking
), asked AS (
    -- Which classes each takes in: issued after so many hops, and minted.
    SELECT unnest([asks('hops_1'), asks('hops_2'), asks('hops_3'), asks('t2'), asks('t1c')]) AS question, unnest([1, 1 + 2 + 16, 1 + 2 + 4 + 16, 31, 15]) AS takes
), alike AS (
    SELECT p.spot, p.there & q.takes AS takes, bit_or(q.question) AS cell
    FROM (SELECT spot, bit_or(class) AS there FROM obtained GROUP BY spot) p CROSS JOIN asked q
    GROUP BY ALL
)
SELECT o.* EXCLUDE (class) REPLACE (o.starts - to_microseconds((getvariable('dwell_hours') * 3.6e9)::BIGINT) AS starts), a.cell
FROM obtained o JOIN alike a ON a.spot = o.spot AND a.takes & o.class <> 0;

-- What is of an agent's task trees, while anything of one of them runs: a tree runs until the last of it is over, which may
-- outlive the root. Only what the agent has before that counts.
CREATE TEMP VIEW parented AS
WITH running AS (
    SELECT run, task, root, agent, started, CASE WHEN NOT bool_or(open) OVER tree THEN max(ended) OVER tree END AS ended
    FROM task_tree WHERE started IS NOT NULL WINDOW tree AS (PARTITION BY run, root)
)
SELECT h.spot, h.opening, h.t0,
       greatest(h.starts - to_microseconds((getvariable('dwell_hours') * 3.6e9)::BIGINT), l.started) AS starts,
       least(h.ends, coalesce(l.ended, h.t1)) AS ends
FROM at_hand h JOIN spot s USING (spot)
JOIN running l ON l.run = s.run AND l.agent = s.place AND (l.task = h.task OR (h.task IS NULL AND l.task = l.root))
WHERE h.starts < coalesce(l.ended, h.t1);

-- Which credentials were presented since when, to each verifier, and to any of them; and since when perhaps, where nobody knows of a call
-- whether it was let in.
CREATE TEMP TABLE presented AS
SELECT e.run, e.credential, k.verifier, grouping(k.verifier) = 1 AS anywhere,
       min(e.time + to_microseconds(e.clock_error)) FILTER (e.decision = 'allow') AS seen, min(e.time + to_microseconds(e.clock_error)) AS may_be_seen
FROM bare_event e LEFT JOIN catalogue k ON k.run = e.run AND k.atom = e.atom
WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.credential IS NOT NULL
GROUP BY GROUPING SETS ((e.run, e.credential, k.verifier), (e.run, e.credential));

-- What is held, atom by atom, once where what lies at a place is the same in each bound, and each call says to whom it was presented, and
-- whether it was let in.
CREATE TEMP VIEW held_in_log AS
SELECT h.* REPLACE (b.bound AS bound)
FROM by_somebody('held_once') h
JOIN (SELECT run, NOT sees_touch OR run IN (SELECT run FROM presented WHERE (NOT anywhere AND verifier IS NULL) OR seen IS DISTINCT FROM may_be_seen)
                  AS vague FROM run) r USING (run)
LEFT JOIN vague_place v ON v.run = h.run AND v.place IS NOT DISTINCT FROM h.holder
JOIN at_place_in b ON b.vague = (r.vague OR v.run IS NOT NULL) AND b.known = h.bound;

-- What calls have left in a log, and since when (`seen`): it is in reach once that was so long ago as it takes until somebody
-- reads the log. What is older than the run was in use since it was made. An audience is that of the call which left the copy; a log
-- that loses events may have lost the first call, and of a call that does not say what it touched the audience may be any.
-- What began after it was seen, because it was given later, or before the window, is cut where others of its group begin so:
-- between two cuts (`cell`) all of them are in reach from the cut, or from so long after they were seen.
CREATE TEMP VIEW read_later AS
WITH copies AS (
    -- What is a hundred years old was read.
    SELECT s.run, s.bound, s.holder AS place, s.resource_group, s.weight, s.starts, s.ends, s.t0, s.t1,
           greatest(CASE WHEN s.since < r.begins THEN s.since WHEN s.bound <> 'hi' THEN p.seen WHEN r.sees_every_event AND r.sees_touch THEN p.may_be_seen
                         -- In a call that is not shown, as soon as there was the credential.
                         ELSE c.from_lo END,
                    s.t0 - INTERVAL 101 YEAR) AS seen
    FROM as_accepted('held_in_log') s JOIN run r USING (run)
    JOIN credential c ON c.run = s.run AND c.id = s.credential
    JOIN presented p ON p.run = s.run AND p.credential = s.credential
                    AND CASE WHEN s.one_audience THEN NOT p.anywhere AND coalesce(p.verifier = s.verifier, s.bound = 'hi') ELSE p.anywhere END
    WHERE NOT s.needs_key AND (s.bound = 'hi' OR p.seen IS NOT NULL)
), cut AS (
    SELECT run, bound, place, resource_group, list_sort(list(DISTINCT starts)) AS times
    FROM copies WHERE starts > greatest(seen, t0) GROUP BY ALL
), placed AS (
    SELECT c.*, list_filter(t.times, lambda time: time > c.starts AND time < c.ends) AS inside,
           len(list_filter(t.times, lambda time: time <= c.starts)) AS before
    FROM copies c LEFT JOIN cut t ON t.run = c.run AND t.bound = c.bound AND t.place IS NOT DISTINCT FROM c.place
                                 AND t.resource_group = c.resource_group
)
SELECT run, bound, place, resource_group, weight, t0, t1, seen, unnest([starts] || coalesce(inside, [])) AS starts,
       unnest(coalesce(inside, []) || [ends]) AS ends, coalesce(before, 0) + unnest(range(coalesce(len(inside), 0) + 1)) AS cell
FROM placed;

-- What is in reach at a place, for which questions and when, a row a span and what it opens: the place is that of the agent struck.
CREATE TEMP VIEW in_reach AS
SELECT asks('t1b') AS cell, spot, opening, starts, ends, t0 FROM at_hand WHERE NOT key_stays
UNION ALL
SELECT cell, spot, opening, starts, ends, t0 FROM controlled
UNION ALL
SELECT asks('t4'), spot, opening, starts, ends, t0 FROM parented
UNION ALL
SELECT asks('t5_bootstrap'), spot, opening, starts, ends, t0 FROM for_asking WHERE by_secret;

-- What an issuer can have made, for whoever it is: mostly the same for many.
CREATE TEMP VIEW made_by_issuer AS
SELECT s.spot, i.resource_group, i.weight, i.starts, i.ends
FROM (SELECT DISTINCT run, bound, resource_group, weight, starts, ends FROM issuable WHERE NOT by_owner) i
JOIN spot s ON s.run = i.run AND s.place IS NULL AND s.bound = i.bound;
