-- Tasks as a log shows them: parents before children, when each began, and from when it could act.
WITH admitted AS (
    SELECT task, max(CASE kind WHEN 'decide' THEN time + to_microseconds(duration) ELSE time END) AS ready
    FROM event
    WHERE task IS NOT NULL AND action IS NULL AND credential IS NULL AND kind IN ('decide', 'issue')
    GROUP BY task
)
SELECT t.id, t.parent, coalesce(t.intent, 'unknown') AS intent, epoch_us(t.started) AS started, t.outcome = 'open' AS open,
       epoch_us(greatest(t.started, coalesce(a.ready, t.started))) AS ready
FROM task t LEFT JOIN admitted a ON a.task = t.id
WHERE t.started IS NOT NULL
ORDER BY t.id
