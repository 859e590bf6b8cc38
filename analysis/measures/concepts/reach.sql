-- What a compromise reaches: the holdings that each threat opens, place by place.
-- parameter: dwell_hours = 1 in [0, 876600] | hours from compromise to containment

-- What each group adds to the estate's value, level by level: the maximum of several weights is the sum of the steps
-- between them, each as long as anything reaches that high.
CREATE TEMP VIEW layer AS
SELECT run, resource_group, weight, resources::HUGEINT * (weight - lag(weight, 1, 0) OVER (PARTITION BY run, resource_group ORDER BY weight)) AS step,
       row_number() OVER (ORDER BY run, resource_group, weight) AS layer
FROM (SELECT DISTINCT run, resource_group, resources, weight FROM catalogue);

-- Of a run that names nothing that can be touched it is not known.
CREATE TEMP VIEW estate AS SELECT run, sum(step) AS value FROM run LEFT JOIN layer USING (run) GROUP BY run;

-- The standard normal in cells an eighth wide, each by its middle and how many of a million million it holds, the outermost
-- with the tails.
CREATE TEMP VIEW normal_cell AS
SELECT n AS cell,
       [49835338052, 49448019127, 48304030314, 46455893489, 43986686225, 41003851436, 37631457092, 34001681408, 30246332879, 26489150709, 22839485272, 19387756609, 16202863480, 13331497971, 10799137994, 8612360279, 6762047911, 5227057170, 3977948951, 2980465547, 2198527729, 1596624268, 1141553939, 803550316, 556868482, 379940088, 255211660, 168775270, 109885406, 70435907, 44449932, 27616649, 16892492, 10172773, 6031257, 3520458, 2023081, 1144591, 637544, 349617, 395652][abs(n) + 1] AS parts
FROM (SELECT unnest(range(-40, 41)) AS n);

-- What of a holding verifiers refuse: a copy of a token alone, and a token with what can be copied of its key. An enforcement
-- that nobody knows of is there for what is proven, and not for what is possible. Of what a log may not show there is no upper
-- end, so none is worked out.
CREATE TEMP VIEW scoped AS
SELECT h.run, h.bound, h.credential, h.holder, h.task, h.resource_group, h.weight, h.verifier, h.since, h.starts, h.ends, h.t0, h.t1,
       c.checked AND h.binding = 'audience' AS one_audience,
       c.checked AND (h.binding IN ('key_exportable', 'key_bound', 'context_bound') OR (h.binding = 'unknown' AND h.bound = 'lo')) AS needs_key,
       c.checked AND (h.binding IN ('key_bound', 'context_bound') OR (h.binding = 'unknown' AND h.bound = 'lo')) AS key_stays
FROM held h JOIN run r USING (run), LATERAL (SELECT coalesce(h.enforced, h.bound = 'lo') AS checked) c
WHERE r.sees_scope AND (h.bound <> 'hi' OR r.sees_every_credential) AND h.starts < h.ends;

CREATE TEMP VIEW verifiers AS SELECT run, count(DISTINCT verifier) AS number FROM catalogue GROUP BY run;

-- Groups that a copied token opens at one verifier alone, which looks at its audience, place by place.
CREATE TEMP TABLE audience_group AS
SELECT DISTINCT run, bound, holder AS place, verifier, resource_group FROM scoped WHERE one_audience;

-- What a copied token opens, place by place: at any verifier that asks for no audience (cell -1), and at each that does, with
-- whatever else opens the same groups there.
CREATE TEMP VIEW by_copy AS
SELECT 't1a' AS threat, CASE WHEN one_audience THEN verifier ELSE -1 END AS cell, 1 AS parts, run, holder AS place, bound, resource_group, weight,
       starts, ends, t0, NULL::TIMESTAMP AS seen
FROM scoped WHERE NOT needs_key
UNION ALL
SELECT 't1a', a.verifier, 1, s.run, s.holder, s.bound, s.resource_group, s.weight, s.starts, s.ends, s.t0, NULL
FROM scoped s JOIN audience_group a ON a.run = s.run AND a.bound = s.bound AND a.place IS NOT DISTINCT FROM s.holder AND a.resource_group = s.resource_group
WHERE NOT s.needs_key AND NOT s.one_audience;

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
-- questions are asked of that, and most are the same for most agents, so that each is swept once: a `cell` is a set of them, of
-- what was issued after 1, 2 or 3 hops (1, 2, 4), of all and what an issuer would grant (8), of all without that (16). A hop is to use
-- what lies in the process, to control a sub-agent, or to have the issuer make something. What a log does not tell of hops is
-- proven at the end only.
CREATE TEMP VIEW controlled AS
WITH obtained AS (
    SELECT s.run, s.bound, s.holder AS place, s.resource_group, s.weight, s.starts, s.ends, s.t0, s.t1,
           1 << CASE WHEN s.bound = 'lo' AND NOT (r.sees_tasks AND r.sees_every_event) THEN 3
                     ELSE least(coalesce(g.above, 0), 3) END AS class
    FROM scoped s JOIN run r USING (run) LEFT JOIN task_tree g ON g.run = s.run AND g.task = s.task
    UNION ALL
    SELECT run, bound, principal, resource_group, weight, starts, ends, t0, t1, 16 FROM mintable
), question AS (
    -- Which classes each takes in: issued after so many hops, and minted.
    SELECT unnest([1, 2, 4, 8, 16]) AS question, unnest([1, 1 + 2 + 16, 1 + 2 + 4 + 16, 31, 15]) AS takes
), alike AS (
    SELECT p.run, p.bound, p.place, p.there & q.takes AS takes, bit_or(q.question) AS cell
    FROM (SELECT run, bound, place, bit_or(class) AS there FROM obtained GROUP BY ALL) p CROSS JOIN question q
    GROUP BY ALL
)
SELECT o.* EXCLUDE (class) REPLACE (o.starts - to_microseconds((getvariable('dwell_hours') * 3.6e9)::BIGINT) AS starts), a.cell
FROM obtained o JOIN alike a ON a.run = o.run AND a.bound = o.bound AND a.place IS NOT DISTINCT FROM o.place AND a.takes & o.class <> 0;

-- What is of an agent's task trees, while anything of one of them runs: a tree runs until the last of it is over, which may
-- outlive the root. Only what the agent has before that counts.
CREATE TEMP VIEW parented AS
WITH running AS (
    SELECT run, task, root, agent, started, CASE WHEN NOT bool_or(open) OVER tree THEN max(ended) OVER tree END AS ended
    FROM task_tree WHERE started IS NOT NULL WINDOW tree AS (PARTITION BY run, root)
)
SELECT s.run, s.bound, s.holder AS place, s.resource_group, s.weight, s.t0, s.t1,
       greatest(s.starts - to_microseconds((getvariable('dwell_hours') * 3.6e9)::BIGINT), l.started) AS starts,
       least(s.ends, coalesce(l.ended, s.t1)) AS ends
FROM scoped s
JOIN running l ON l.run = s.run AND l.agent = s.holder AND (l.task = s.task OR (s.task IS NULL AND l.task = l.root))
WHERE s.starts < coalesce(l.ended, s.t1);

-- What calls have left in a log, and since when (`seen`): it is in reach once that was so long ago as it takes until somebody
-- reads the log. What is older than the run was in use since it was made. An audience is that of the call which left the copy; a log
-- that loses events may have lost the first call, and of a call that does not say what it touched the audience may be any.
-- What began after it was seen, because it was given later, or before the window, is cut where others of its group begin so:
-- between two cuts (`cell`) all of them are in reach from the cut, or from so long after they were seen.
CREATE TEMP VIEW read_later AS
WITH presented AS (
    -- To each verifier, and to any of them.
    SELECT e.run, e.credential, k.verifier, grouping(k.verifier) = 1 AS anywhere, min(e.time + to_microseconds(e.clock_error)) AS seen
    FROM event e LEFT JOIN catalogue k ON k.run = e.run AND k.atom = e.atom
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.credential IS NOT NULL
    GROUP BY GROUPING SETS ((e.run, e.credential, k.verifier), (e.run, e.credential))
), copies AS (
    -- What is a hundred years old was read.
    SELECT s.run, s.bound, s.holder AS place, s.resource_group, s.weight, s.starts, s.ends, s.t0, s.t1,
           greatest(CASE WHEN s.since < r.begins OR (s.bound = 'hi' AND NOT (r.sees_every_event AND r.sees_touch)) THEN s.since ELSE p.seen END,
                    s.t0 - INTERVAL 101 YEAR) AS seen
    FROM scoped s JOIN run r USING (run)
    JOIN presented p ON p.run = s.run AND p.credential = s.credential
                    AND CASE WHEN s.one_audience THEN NOT p.anywhere AND coalesce(p.verifier = s.verifier, s.bound = 'hi') ELSE p.anywhere END
    WHERE NOT s.needs_key
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

-- What each threat reaches, and when, a row a span and group: `place` is the agent struck, of what is copied on its way the
-- credential, of an issuer nobody. Where it is left to chance at which verifier, a cell is some of them, `parts` of all.
CREATE TEMP VIEW in_reach AS
SELECT 't1b' AS threat, 0::BIGINT AS cell, 1 AS parts, run, holder AS place, bound, resource_group, weight, starts, ends, t0, NULL::TIMESTAMP AS seen
FROM scoped WHERE NOT key_stays
UNION ALL
SELECT 'control', cell, 1, run, place, bound, resource_group, weight, starts, ends, t0, NULL FROM controlled
UNION ALL
SELECT 't3', cell, 1, run, place, bound, resource_group, weight, greatest(starts, seen), ends, t0, seen FROM read_later
UNION ALL
SELECT 't4', 0, 1, run, place, bound, resource_group, weight, starts, ends, t0, NULL FROM parented
UNION ALL
SELECT 't5', 0, 1, run, NULL, bound, resource_group, weight, starts, ends, t0, NULL FROM issuable WHERE NOT by_owner
UNION ALL
SELECT 't5_bootstrap', 0, 1, run, principal, bound, resource_group, weight, starts, ends, t0, NULL
FROM mintable WHERE bootstrap = 'static_secret' OR (bootstrap IS NULL AND bound = 'hi');

-- A credential copied on its way, without its key: from the issuer to its holder whatever it opens (cell -1), and with a
-- call to a verifier that looks at its audience what it opens there.
CREATE TEMP VIEW in_transit AS
SELECT 'copied' AS threat, unnest(CASE WHEN one_audience THEN [-1, verifier] ELSE [-1] END) AS cell, 1 AS parts, run, credential AS place, bound,
       resource_group, weight, starts, ends, t0, NULL::TIMESTAMP AS seen
FROM scoped WHERE NOT needs_key;
