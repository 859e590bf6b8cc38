-- What a snapshot lists becomes what a run ($run, $workload) knows of entitlements. It was taken at one instant (`seen_at`): what it
-- lists was there then, and as long around that as a log of everything, which would tell of a change, tells of none. Of several days,
-- what one lists and the next omits ended in between, and what only the next lists began there.

INSERT INTO fact.scope_set BY NAME
-- Of each scope two sets: what of it is certain, and all of it, which is held at most.
SELECT $run AS run, 2 * s.scope + m.most AS id, 'granted' AS basis, count(a.scope) AS atoms
FROM (SELECT DISTINCT scope FROM holding) s
CROSS JOIN (SELECT unnest([0, 1]) AS most) m
LEFT JOIN scope_atom a ON a.scope = s.scope AND (a.certain OR m.most = 1)
GROUP BY s.scope, m.most
UNION ALL BY NAME
-- And what may have been held before and after: anything.
SELECT $run AS run, -1 AS id, 'granted' AS basis, count(*) AS atoms FROM atom;

INSERT INTO fact.scope_set_atom BY NAME
SELECT $run AS run, 2 * s.scope + m.most AS scope_set, a.atom, 'allow' AS effect, m.most = 1 AS conditional
FROM scope_atom s
JOIN (SELECT unnest([0, 1]) AS most) m ON s.certain OR m.most = 1
JOIN atom a USING (atom_group, atom_level)
UNION ALL BY NAME
SELECT $run AS run, -1 AS scope_set, atom, 'allow' AS effect, true AS conditional FROM atom;

CREATE OR REPLACE TEMP TABLE given AS
-- Sessions of a role may do what that may.
WITH held AS (SELECT n.id, n.name FROM named n WHERE n.entity = 'principal' AND n.name IN (SELECT name FROM holding))
SELECT id AS principal, NULL::BIGINT AS role, name FROM held
UNION ALL
SELECT m.member, m.container, h.name
FROM held h
JOIN fact.principal p ON p.workload = $workload AND p.id = h.id AND p.kind = 'role'
JOIN fact.membership m ON m.workload = $workload AND m.container = h.id;

-- From when until when each word on an identity is proven. What a page lists, or what is there and is not at once, never is; nor is
-- anything of whoever was not made yet. Where the log shows no change since the word before, and that says the same, it is from then on; if
-- it says something else, the log lacks that.
CREATE OR REPLACE TEMP TABLE stood AS
WITH told AS (
    SELECT w.*, h.scope, b.t0, b.t1, w.listed AND NOT w.page AS proves, greatest(coalesce(p.since, w.seen_at), w.made) AS since, coalesce(p.until, w.seen_at) AS until
    FROM identity_seen w
    LEFT JOIN holding h USING (name, seen_at)
    LEFT JOIN proven p USING (account, seen_at)
    CROSS JOIN bounded b
    WHERE w.name IN (SELECT name FROM holding)
), beside AS (
    SELECT *, lag(seen_at) OVER near AS before, lag(scope) OVER near IS NOT DISTINCT FROM scope AND NOT lag(omitted) OVER near AND NOT omitted AS same,
           lead(seen_at) OVER near AS after
    FROM told WINDOW near AS (PARTITION BY name ORDER BY seen_at)
), bounds AS (
    SELECT *, CASE WHEN NOT proves OR before >= since AND NOT same THEN seen_at WHEN before >= since THEN before + to_microseconds($resolution) ELSE since END AS starts,
           CASE WHEN page THEN seen_at WHEN NOT listed OR after < until THEN least(seen_at + to_microseconds($resolution), after) ELSE until END AS ends
    FROM beside
)
SELECT name, seen_at, listed, omitted, scope, proves, t0, t1, least(starts, seen_at) AS starts, ends,
       lag(ends) OVER near AS ended, lag(listed) OVER near AS was_listed, after IS NULL AS latest
FROM bounds WINDOW near AS (PARTITION BY name ORDER BY seen_at);

-- From when until when which of its sets an identity holds: inside what is proven both (`most`), and outside anything; nothing where it was
-- not there before and after.
CREATE OR REPLACE TEMP TABLE spans AS
SELECT name, seen_at, most, 2 * scope + most AS scope_set, starts, ends
FROM stood CROSS JOIN (SELECT unnest([0, 1]) AS most)
WHERE proves AND (most = 1 OR NOT omitted)
UNION ALL
SELECT name, NULL, NULL, -1, greatest(t0, coalesce(ended, t0)), least(starts, t1)
FROM stood WHERE (listed OR was_listed) AND greatest(t0, coalesce(ended, t0)) < least(starts, t1)
UNION ALL
SELECT name, NULL, NULL, -1, greatest(t0, ends), t1
FROM stood WHERE latest AND listed AND ends < t1;

INSERT INTO fact.assignment BY NAME
SELECT $run AS run, g.principal, g.role, s.scope_set, 'active' AS state, s.starts AS valid_from, s.ends AS valid_to
FROM given g JOIN spans s USING (name);

INSERT INTO fact.trust BY NAME
-- Sessions of a role may become what that may. Whoever may at one instant may have been able to at any that nothing is known of.
SELECT $run AS run, n.principal, o.id AS issuer, s.scope_set, 'none' AS gate,
       1000 AS permit_under_attack, 1 AS tries, 1000 AS permit_in_tries, s.starts AS valid_from, s.ends AS valid_to
FROM (SELECT name, other, seen_at, certain FROM reached UNION ALL SELECT DISTINCT name, other, NULL, NULL FROM reached) r
JOIN (SELECT name, id AS principal FROM named WHERE entity = 'principal'
      UNION ALL
      SELECT n.name, m.member
      FROM named n
      JOIN fact.principal p ON p.workload = $workload AND p.id = n.id AND p.kind = 'role'
      JOIN fact.membership m ON m.workload = $workload AND m.container = n.id
      WHERE n.entity = 'principal') n ON n.name = r.name
JOIN named o ON o.entity = 'principal' AND o.name = r.other
JOIN spans s ON s.name = r.other AND s.seen_at IS NOT DISTINCT FROM r.seen_at AND (r.certain OR s.most IS DISTINCT FROM 0);

INSERT INTO fact.credential BY NAME
-- A key that is listed without its name may be one that a log names of the same holder: which of them it is nobody says. It is none of
-- these where it was not used in the log's time, and each of these was, so long before (`$lag`) that the snapshot would tell.
WITH in_log AS (
    FROM told e JOIN chosen c ON c.number = e.source_file SEMI JOIN logged USING (file)
), by_name AS (
    SELECT holder, kind, name, min(used) AS used
    FROM (SELECT principal AS holder, presented_kind AS kind, credential AS name, CASE WHEN decision = 'allow' THEN time END AS used FROM in_log
          UNION ALL
          SELECT target, credential_kind, issued, NULL FROM in_log WHERE kind <> 'revoke')
    WHERE name IS NOT NULL AND holder IS NOT NULL
    GROUP BY ALL
), maybe AS (
    SELECT DISTINCT s.name
    FROM listed_key s
    JOIN by_name k ON k.holder = s.holder AND k.kind = s.credential
    JOIN (SELECT file, max(latest) AS latest FROM standing GROUP BY file) f ON f.file = s.file
    CROSS JOIN bounded b
    WHERE s.used >= b.t0 - to_microseconds($lag) OR coalesce(k.used > f.latest - to_microseconds($lag), true)
), again AS (
    -- One of which a report does not say since when may be another's that was there already: certain is that one alone.
    SELECT DISTINCT s.name
    FROM listed_key s JOIN listed_key o ON o.holder = s.holder AND o.credential = s.credential AND o.since <= s.seen_at AND o.file <> s.file
    WHERE s.since IS NULL
), lasted AS (
    -- Of a key is certain what a report lists and none of that instant omits; it was not there when the last one before and the first one
    -- after that omit it were made.
    SELECT l.name, l.last_seen, coalesce(min(k.seen_at) FILTER (k.omitted AND k.seen_at > l.last_seen), 'infinity') AS gone,
           max(k.seen_at) FILTER (k.omitted AND k.seen_at < l.last_seen) AS missing
    FROM (SELECT name, max(seen_at) AS last_seen FROM key_seen WHERE listed AND NOT omitted GROUP BY name) l
    JOIN key_seen k USING (name)
    GROUP BY l.name, l.last_seen
), since AS (
    -- Since when it was there without a break, and whether it had been before.
    SELECT l.name, l.last_seen, l.gone, l.missing, min(k.seen_at) FILTER (k.seen_at > l.missing) AS first_seen,
           coalesce(bool_or(k.seen_at < l.missing), false) AS had_been
    FROM lasted l JOIN key_seen k ON k.name = l.name AND k.listed
    GROUP BY ALL
)
SELECT $run AS run, id, kind, holder, 'looked_up' AS resolved, 'unknown' AS binding,
       -- It began within what all snapshots say, and after one that omits it.
       CASE WHEN had_been OR missing IS NULL THEN began_lo ELSE greatest(began_lo, missing) END AS from_lo,
       CASE WHEN began_hi <= missing THEN first_seen ELSE began_hi END AS from_hi,
       least(last_seen + to_microseconds($resolution), gone) AS to_lo, gone AS to_hi, 'stated' AS basis
FROM (SELECT n.id, s.name, any_value(s.credential)::credential_kind AS kind, any_value(h.id) AS holder,
             max(least(s.earliest, s.since)) AS began_lo,
             min(coalesce(s.since, s.seen_at + to_microseconds(CASE WHEN s.name IN (FROM again) THEN $resolution ELSE 0 END))) AS began_hi
      FROM listed_key s
      JOIN named n ON n.entity = 'credential' AND n.name = s.name
      LEFT JOIN named h ON h.entity = 'principal' AND h.name = s.holder
      WHERE s.name NOT IN (FROM maybe)
      GROUP BY n.id, s.name)
JOIN since USING (name);
