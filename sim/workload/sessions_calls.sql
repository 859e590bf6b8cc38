-- The calls of a log that names no tasks: whose, in which stretch of work, at which place in it, what they needed.
-- A login session is one stretch: all keys that one identity was given at one instant. A key that lasts is cut where it rests for $pause hours; after $most calls another
-- stretch begins, because a task has no room for more.
WITH call AS (
    SELECT i.agent, e.id, e.time, e.atom, e.resource, e.operation, e.args, c.kind = 'static_key' AS lasts,
           c.kind <> 'static_key' AND e.presented_from IS NOT NULL AS dated,
           CASE WHEN dated THEN epoch_us(e.presented_from) ELSE e.credential END AS session
    FROM event e
    JOIN credential c ON c.id = e.credential
    JOIN replayed i ON i.principal = e.principal
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.atom IS NOT NULL
), rested AS (
    SELECT *, lasts AND time - lag(time) OVER whole >= to_hours($pause) AS begins FROM call
    WINDOW whole AS (PARTITION BY agent, dated, session ORDER BY time, id)
), stretched AS (
    SELECT *, sum(if(begins, 1, 0)) OVER (PARTITION BY agent, dated, session ORDER BY time, id ROWS UNBOUNDED PRECEDING) AS part
    FROM rested
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY agent, dated, session, part ORDER BY time, id) - 1 AS ordinal FROM stretched
), cut AS (
    SELECT *, ordinal // $most AS piece,
           min(time) OVER (PARTITION BY agent, dated, session, part, ordinal // $most) AS starts
    FROM placed
)
SELECT agent, dense_rank() OVER (PARTITION BY agent ORDER BY starts, dated, session, part, piece) - 1 AS root,
       ordinal % $most AS place, epoch_us(time) AS time, atom, coalesce(resource, 0) AS resource,
       coalesce(operation, 'unknown') AS tool, coalesce(args, 0) AS args
FROM cut
ORDER BY agent, root, place
