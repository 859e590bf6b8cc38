-- For how long around its instant what a snapshot lists is proven to have stood. Where a log of everything spans that instant, and is
-- seen to tell of such calls (`$watched`): since the last call before that may have changed it (`$changing`), until the log ends. Where
-- the log shows such a call afterwards, the snapshot may have been taken after that as well: it is proven for its instant alone, and
-- so it is without such a log. `why` says which it is.

CREATE OR REPLACE TEMP TABLE proven AS
WITH instant AS (
    SELECT s.seen_at, b.t0, b.t1, b.by_log, p.whole, (SELECT count(*) FROM told WHERE list_contains($watched::VARCHAR[], operation)) AS watched
    FROM seen_at s, bounded b, (SELECT whole FROM fact.log_profile WHERE name = $profile) p
), change AS (
    SELECT max(time) FILTER (time <= seen_at) AS before, count(*) FILTER (time > seen_at) AS after
    FROM told, seen_at
    WHERE list_contains($changing::VARCHAR[], operation) AND decision = 'allow' AND error IS NULL
), judged AS (
    SELECT *, CASE WHEN NOT by_log THEN 'alone'
                   WHEN seen_at < t0 THEN 'earlier'
                   WHEN seen_at >= t1 THEN 'later'
                   WHEN after > 0 THEN 'changed'
                   WHEN watched = 0 OR NOT whole THEN 'unwatched'
                   ELSE 'spanned' END AS why
    FROM instant, change
)
SELECT CASE WHEN why = 'spanned' THEN least(coalesce(before + to_microseconds($resolution), t0), seen_at) ELSE seen_at END AS since,
       CASE WHEN why = 'spanned' THEN t1 ELSE seen_at + to_microseconds($resolution) END AS until,
       t0, t1, seen_at, why, before
FROM judged;
