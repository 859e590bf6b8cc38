-- What a snapshot lists becomes what a run ($run, $workload) knows of entitlements. It was taken at one instant (`seen_at`): what it
-- lists was there then, and as long around that as a log of everything, which would tell of a change, tells of none.

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

CREATE OR REPLACE TEMP VIEW held AS
SELECT h.*, s.account FROM holding h JOIN (SELECT name, min(account) AS account FROM lying WHERE what = 'identity' GROUP BY name) s USING (name);

CREATE OR REPLACE TEMP TABLE given AS
-- Sessions of a role may do what that may.
SELECT n.id AS principal, NULL::BIGINT AS role, h.scope, h.account FROM held h JOIN named n ON n.entity = 'principal' AND n.name = h.name
UNION ALL
SELECT m.member, m.container, h.scope, h.account
FROM held h
JOIN named n ON n.entity = 'principal' AND n.name = h.name
JOIN fact.principal p ON p.workload = $workload AND p.id = n.id AND p.kind = 'role'
JOIN fact.membership m ON m.workload = $workload AND m.container = n.id;

-- From when until when which of its sets holds: inside what is proven both, and outside anything.
CREATE OR REPLACE TEMP TABLE spans AS
SELECT account, unnest([0, 1]) AS most, since AS starts, until AS ends FROM proven
UNION ALL
SELECT account, NULL, t0, least(since, t1) FROM proven WHERE t0 < since
UNION ALL
SELECT account, NULL, greatest(t0, until), t1 FROM proven WHERE until < t1;

INSERT INTO fact.assignment BY NAME
SELECT $run AS run, g.principal, g.role, coalesce(2 * g.scope + s.most, -1) AS scope_set, 'active' AS state,
       s.starts AS valid_from, s.ends AS valid_to
FROM given g JOIN spans s USING (account);

INSERT INTO fact.trust BY NAME
-- Sessions of a role may become what that may.
SELECT $run AS run, n.principal, o.id AS issuer, coalesce(2 * h.scope + s.most, -1) AS scope_set, 'none' AS gate,
       1000 AS permit_under_attack, 1 AS tries, 1000 AS permit_in_tries, s.starts AS valid_from, s.ends AS valid_to
FROM reached r
JOIN (SELECT name, id AS principal FROM named WHERE entity = 'principal'
      UNION ALL
      SELECT n.name, m.member
      FROM named n
      JOIN fact.principal p ON p.workload = $workload AND p.id = n.id AND p.kind = 'role'
      JOIN fact.membership m ON m.workload = $workload AND m.container = n.id
      WHERE n.entity = 'principal') n ON n.name = r.name
JOIN named o ON o.entity = 'principal' AND o.name = r.other
JOIN held h ON h.name = r.other
JOIN spans s ON s.account = h.account AND (r.certain OR s.most IS DISTINCT FROM 0);

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
    FROM standing s
    JOIN by_name k ON k.holder = s.holder AND k.kind = s.credential
    JOIN (SELECT file, max(latest) AS latest FROM standing GROUP BY file) f ON f.file = s.file
    CROSS JOIN bounded b
    WHERE s.used >= b.t0 - to_microseconds($lag) OR coalesce(k.used > f.latest - to_microseconds($lag), true)
)
SELECT $run AS run, id, kind, holder, 'looked_up' AS resolved, 'unknown' AS binding,
       -- It began within what all snapshots say; where they contradict each other, within what any of them says.
       CASE WHEN latest_lo > earliest_hi THEN earliest_lo ELSE latest_lo END AS from_lo,
       CASE WHEN latest_lo > earliest_hi THEN latest_hi ELSE earliest_hi END AS from_hi,
       to_lo, 'infinity'::TIMESTAMP AS to_hi, 'stated' AS basis
FROM (SELECT n.id, any_value(s.credential)::credential_kind AS kind, any_value(h.id) AS holder,
             min(least(s.earliest, s.since)) AS earliest_lo, max(least(s.earliest, s.since)) AS latest_lo,
             min(coalesce(s.since, t.seen_at)) AS earliest_hi, max(coalesce(s.since, t.seen_at)) AS latest_hi,
             max(t.seen_at + to_microseconds($resolution)) AS to_lo
      FROM standing s
      CROSS JOIN seen_at t
      JOIN named n ON n.entity = 'credential' AND n.name = s.name
      LEFT JOIN named h ON h.entity = 'principal' AND h.name = s.holder
      WHERE s.what = 'credential' AND s.name NOT IN (FROM maybe)
      GROUP BY n.id);
