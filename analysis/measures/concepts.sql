-- What several measures share. Temporary: they read whichever evidence the search_path of the connection names. What
-- several measures scan is a table, computed once a connection; the rest are views.

-- The atoms a credential may hold. Where its scope is not known: at least those it was seen to use, at most all.
CREATE TEMP VIEW covered AS
SELECT c.run, c.id AS credential, s.atom, b.bound
FROM credential c
JOIN scope_set_atom s ON s.run = c.run AND s.scope_set = c.scope_set AND s.effect = 'allow'
CROSS JOIN bounds b
-- A deny wins. What a condition allows is held at most, what a condition denies is not held for certain.
WHERE (NOT s.conditional OR b.bound = 'hi')
  AND NOT EXISTS (FROM scope_set_atom d WHERE d.run = s.run AND d.scope_set = s.scope_set AND d.atom = s.atom
                  AND d.effect = 'deny' AND (NOT d.conditional OR b.bound <> 'hi'))
UNION ALL
SELECT DISTINCT c.run, c.id, e.atom, 'lo'
FROM credential c
JOIN event e ON e.run = c.run AND e.credential = c.id AND e.kind = 'use' AND e.decision = 'allow' AND e.atom IS NOT NULL
WHERE c.scope_set IS NULL
UNION ALL
SELECT c.run, c.id, k.atom, b.bound
FROM credential c JOIN catalogue k USING (run) JOIN bounds b ON b.bound <> 'lo'
WHERE c.scope_set IS NULL;

-- Which credential carried which atom from when until when at the atom's verifier, clipped to the window.
CREATE TEMP TABLE held AS
WITH bounded AS (
    SELECT c.run, c.id AS credential, c.holder, c.scope_set IS NOT NULL AS scope_known, v.bound, k.atom, k.level, k.tier,
           k.weight, k.resource_group, r.t0, r.t1,
           -- Where one exact value is asked for, an unknown scope leaves it unknown.
           CASE WHEN v.bound = 'lo' THEN c.from_hi WHEN v.bound = 'hi' OR c.scope_set IS NOT NULL THEN c.from_lo END AS starts,
           CASE v.bound WHEN 'lo' THEN c.to_lo ELSE c.to_hi END AS ends,
           CASE v.bound WHEN 'lo' THEN a.until_lo ELSE a.until_hi END AS until
    FROM covered v
    JOIN credential c ON c.run = v.run AND c.id = v.credential
    JOIN catalogue k ON k.run = v.run AND k.atom = v.atom
    JOIN run r ON r.run = v.run
    LEFT JOIN acceptance a ON a.run = v.run AND a.credential = v.credential AND a.verifier = k.verifier
), accepted AS (
    SELECT * REPLACE (CASE WHEN ends IS NOT NULL THEN least(ends, coalesce(until, 'infinity')) END AS ends) FROM bounded
)
-- What certainly lies outside the window is left out, even where one of its ends is not known.
SELECT * EXCLUDE (until) REPLACE (
           CASE WHEN starts IS NOT NULL THEN greatest(starts, t0) END AS starts,
           CASE WHEN ends IS NOT NULL THEN least(ends, t1) END AS ends)
FROM accepted
WHERE coalesce(starts < t1, true) AND coalesce(ends > t0, true) AND coalesce(until > t0, true) AND coalesce(starts < ends, true);

CREATE TEMP VIEW unknown_validity AS
SELECT run, bound, count(*) AS credentials FROM held WHERE starts IS NULL OR ends IS NULL GROUP BY run, bound;

-- What the model's own issuer would give, without an inspecting human, to whoever holds the identity; clipped.
CREATE TEMP VIEW mintable AS
SELECT t.run, t.principal, b.bound, k.atom, k.level, k.tier, k.weight, k.resource_group, r.t0, r.t1,
       greatest(t.valid_from, r.t0) AS starts, least(t.valid_to, r.t1) AS ends
FROM trust t
JOIN run r USING (run)
JOIN scope_set_atom s ON s.run = t.run AND s.scope_set = t.scope_set AND s.effect = 'allow'
JOIN catalogue k ON k.run = t.run AND k.atom = s.atom
CROSS JOIN bounds b
WHERE (t.gate <> 'human' OR t.permit_under_attack >= 1000)
  AND t.valid_from < r.t1 AND t.valid_to > r.t0 AND t.valid_from < t.valid_to;

-- When a task needed an atom: from the first to the last action that did; and each action by itself. Where no task is
-- known, what one credential did stands for it where little unneeded access is to be proven, each action alone where
-- as much as possible is allowed for.
CREATE TEMP VIEW need_span AS
SELECT n.run, n.principal, n.atom, b.bound, 'task' AS grain, min(n.starts) AS starts, max(n.ends) AS ends
FROM need n CROSS JOIN bounds b
WHERE n.task IS NOT NULL OR b.bound = 'lo'
GROUP BY n.run, n.principal, n.atom, b.bound, coalesce(n.task, n.credential)
UNION ALL
SELECT n.run, n.principal, n.atom, 'hi', 'task', n.starts, n.ends
FROM need n JOIN bounds b ON b.bound = 'hi'
WHERE n.task IS NULL
UNION ALL
SELECT n.run, n.principal, n.atom, b.bound, 'action', n.starts, n.ends FROM need n CROSS JOIN bounds b;

-- Need without overlaps: disjoint stretches, each with what came before it, so that the need inside any interval is a
-- difference of two look-ups: need before t = before_us + min(t, ends) - starts, at the last stretch that began by t.
CREATE TEMP TABLE need_stretch AS
WITH clipped AS (
    SELECT DISTINCT n.run, n.principal, n.atom, n.bound, n.grain, greatest(n.starts, r.t0) AS starts, least(n.ends, r.t1) AS ends
    FROM need_span n JOIN run r USING (run)
    WHERE n.starts < r.t1 AND (n.ends > r.t0 OR n.starts >= r.t0)
), marked AS (
    SELECT *, max(ends) OVER (PARTITION BY run, principal, atom, bound, grain ORDER BY starts, ends
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM clipped
), numbered AS (
    SELECT *, count(*) FILTER (covered IS NULL OR starts > covered)
              OVER (PARTITION BY run, principal, atom, bound, grain ORDER BY starts, ends ROWS UNBOUNDED PRECEDING) AS stretch
    FROM marked
), merged AS (
    SELECT run, principal, atom, bound, grain, min(starts) AS starts, max(ends) AS ends
    FROM numbered GROUP BY run, principal, atom, bound, grain, stretch
)
SELECT *, coalesce(sum(epoch_us(ends) - epoch_us(starts))
                   OVER (PARTITION BY run, principal, atom, bound, grain ORDER BY starts
                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before_us
FROM merged;

-- Identities that access is measured for: agents, and on a real log whoever holds a credential. Days are those of the window.
CREATE TEMP VIEW identity AS
SELECT p.run, p.id AS principal
FROM principal p
WHERE p.kind = 'agent' OR EXISTS (FROM credential c WHERE c.run = p.run AND c.holder = p.id)
UNION ALL
-- Whoever holds what nobody is known to hold is somebody.
SELECT DISTINCT run, NULL::BIGINT FROM credential WHERE holder IS NULL;

CREATE TEMP VIEW agent_days AS
SELECT r.run, nullif(count(i.run), 0) * epoch(r.t1 - r.t0) / 86400 AS days
FROM run r LEFT JOIN identity i USING (run)
GROUP BY r.run, r.t0, r.t1;
