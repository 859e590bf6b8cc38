-- For how long around its instant what a snapshot lists is proven to have stood, account by account, and
-- instant by instant. Where a log of everything spans the latest that is mentioned of an account (`latest`), and is seen to tell of calls of its identities such as change what is held
-- (`$watched`): since the last call before that may have changed it (`$changing`), until the log ends. Where the log shows such a call
-- afterwards, the snapshot may have been taken after that as well: it is proven for its instant alone, and so it is without such a log.
-- `why` says which it is.

CREATE OR REPLACE TEMP TABLE proven AS
WITH account AS (
    SELECT account, seen_at, greatest(max(latest), max(since), max(used)) AS latest FROM lying
    WHERE (account, seen_at) IN (SELECT (account, seen_at) FROM identity_seen WHERE NOT page) GROUP BY account, seen_at
), watched AS (
    SELECT DISTINCT s.account
    FROM told t JOIN lying s ON s.what = 'identity' AND s.name IN (t.principal, t.principal_role)
    WHERE list_contains($watched::VARCHAR[], t.operation)
), change AS (
    SELECT time FROM told WHERE list_contains($changing::VARCHAR[], operation) AND decision = 'allow' AND error IS NULL
), around AS (
    SELECT a.account, a.seen_at, a.latest, max(c.time) FILTER (c.time <= a.latest) AS before, count(c.time) FILTER (c.time > a.latest) AS after
    FROM account a LEFT JOIN change c ON true
    GROUP BY a.account, a.seen_at, a.latest
), judged AS (
    SELECT a.account, a.before, b.t0, b.t1, a.seen_at,
           CASE WHEN NOT b.by_log THEN 'alone'
                WHEN a.latest < b.t0 THEN 'earlier'
                WHEN a.latest >= b.t1 THEN 'later'
                WHEN a.after > 0 THEN 'changed'
                WHEN a.account NOT IN (FROM watched) THEN 'unwatched'
                WHEN NOT p.whole THEN 'wanting'
                ELSE 'spanned' END AS why, a.latest
    FROM around a, bounded b, (SELECT whole FROM fact.log_profile WHERE name = $profile) p
)
SELECT account, seen_at, t0, t1, why,
       CASE WHEN why = 'spanned' THEN least(coalesce(before + to_microseconds($resolution), t0), latest) ELSE seen_at END AS since,
       CASE WHEN why = 'spanned' THEN t1 ELSE seen_at + to_microseconds($resolution) END AS until
FROM judged;
