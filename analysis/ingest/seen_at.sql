-- When a snapshot was taken, and what window a run has with it. `told`: the events of the run.

-- What is listed, in the account that it lies in, as far as that is told.
CREATE OR REPLACE TEMP VIEW lying AS SELECT * REPLACE (coalesce(account, '') AS account) FROM standing;

CREATE OR REPLACE TEMP TABLE seen_at AS
-- No sooner than the latest that it mentions; and later nothing of it is known.
SELECT greatest((SELECT max(latest) FROM standing), (SELECT max(since) FROM standing),
                (SELECT max(o.time) FROM workbench.observed o SEMI JOIN chosen c ON c.file = o.file ANTI JOIN logged g ON g.file = o.file)) AS seen_at;

CREATE OR REPLACE TEMP TABLE bounded AS
-- The window of a log, where there is one, from its first event on; else the instant of the snapshot.
SELECT coalesce(l.first, s.seen_at) AS t0, coalesce(l.last, s.seen_at) + to_microseconds($resolution) AS t1, l.first IS NOT NULL AS by_log
FROM seen_at s,
     (SELECT min(t.time) AS first, max(t.time) AS last FROM told t JOIN chosen c ON c.number = t.source_file SEMI JOIN logged USING (file)) l;
