-- Actions as a log shows them: when each was first asked for, when it started, how long it took, what it needed.
WITH seen AS (
    SELECT action, kind, time, requested, duration, atom, operation, resource, args, decision,
           time - to_microseconds(CASE kind WHEN 'issue' THEN coalesce(duration, 0) ELSE 0 END) AS asked
    FROM event
    WHERE action IS NOT NULL AND kind IN ('decide', 'request_approval', 'issue', 'use')
)
SELECT action AS id, epoch_us(least(min(asked), min(requested))) AS requested,
       epoch_us(min(time) FILTER (kind = 'use' AND decision = 'allow')) AS started,
       any_value(duration) FILTER (kind = 'use' AND decision = 'allow') AS duration,
       any_value(atom) AS atom, coalesce(any_value(operation), 'unknown') AS tool,
       any_value(resource) AS resource, any_value(args) AS args
FROM seen
GROUP BY action
ORDER BY action
