-- What window a run has with a snapshot. `told`: the events of the run.

-- What is listed, in the account that it lies in, as far as that is told, and when.
CREATE OR REPLACE TEMP VIEW lying AS SELECT s.* REPLACE (coalesce(s.account, '') AS account), d.seen_at FROM standing s JOIN dated d USING (file);

CREATE OR REPLACE TEMP TABLE bounded AS
-- The window of a log, where there is one, from its first event on; else the instant of the snapshot, or from that of the first to that
-- of the last. A file that lists nobody, but policies, is of none of several days for certain.
SELECT coalesce(l.first, s.first) AS t0, coalesce(l.last, s.last) + to_microseconds($resolution) AS t1, l.first IS NOT NULL AS by_log
FROM (SELECT coalesce(min(seen_at) FILTER (lists), min(seen_at)) AS first, coalesce(max(seen_at) FILTER (lists), max(seen_at)) AS last
      FROM (SELECT seen_at, file IN (SELECT file FROM standing WHERE what IN ('identity', 'taken')) AS lists FROM dated)) s,
     (SELECT min(t.time) AS first, max(t.time) AS last FROM told t JOIN chosen c ON c.number = t.source_file SEMI JOIN logged USING (file)) l;
