-- Tasks as a log shows them: parents before children, when each began, whether it was never done (open when the log ends,
-- or stopped), from when it could act, and whether it outlived its parent or was stopped when that ended.
WITH admitted AS (
    SELECT task, max(CASE kind WHEN 'decide' THEN time + to_microseconds(duration) ELSE time END) AS ready
    FROM bare_event
    WHERE task IS NOT NULL AND action IS NULL AND credential IS NULL AND kind IN ('decide', 'issue')
    GROUP BY task
), stopped AS (
    SELECT task, min(id) AS place FROM bare_event WHERE kind = 'task_end' AND reason = 'parent_ended' GROUP BY task
)
SELECT t.id, t.parent, coalesce(t.intent, 'unknown') AS intent, epoch_us(t.started) AS started, t.outcome = 'open' OR s.task IS NOT NULL AS open,
       epoch_us(greatest(t.started, coalesce(a.ready, t.started))) AS ready,
       -- Of what was stopped at one instant, the order in which the log tells it says who waited for whom.
       coalesce(s.place > coalesce(u.place, 0), false) OR coalesce(coalesce(t.ended, 'infinity') > p.ended, false) AS detached
FROM task t
LEFT JOIN admitted a ON a.task = t.id
LEFT JOIN task p ON p.id = t.parent
LEFT JOIN stopped s ON s.task = t.id
LEFT JOIN stopped u ON u.task = t.parent
WHERE t.started IS NOT NULL
ORDER BY t.id
