-- What each log answers: of how many events or credentials it says who, what, when, and of how many it only leaves an interval.

WITH happened AS (
    SELECT e.*, p.kind IS NOT NULL AND p.kind NOT IN ('role', 'group', 'shared_account', 'team') AS single, t.ended IS NOT NULL AS ended
    FROM event e
    LEFT JOIN principal p ON p.run = e.run AND p.id = e.principal
    LEFT JOIN task t ON t.run = e.run AND t.id = e.task
    WHERE e.kind NOT IN ('task_start', 'task_end', 'spawn', 'log_gap')
), of_events AS (
    SELECT run, count(*) AS total,
           {'who': count(principal), 'single': count(*) FILTER (single), 'credential': count(credential), 'task': count(task),
            'lasted': count(*) FILTER (ended), 'operation': count(operation), 'args': count(args), 'resource': count(resource),
            'decision': count(decision), 'origin': count(origin), 'duration': count(duration)} AS answered
    FROM happened GROUP BY run
), of_credentials AS (
    -- An end that is never is one, where it is stated. What is looked up at use is bounded by what its holder is known to hold.
    SELECT c.run, count(*) AS total,
           {'issuer': count(issuer), 'holder': count(holder), 'since': count(*) FILTER (from_lo = from_hi),
            'until': count(*) FILTER (to_lo = to_hi), 'opens': count(scope_set), 'binding': count(*) FILTER (binding <> 'unknown')} AS answered,
           {'issuer': 0, 'holder': 0, 'since': count(*) FILTER (from_lo < from_hi AND isfinite(from_lo)),
            'until': count(*) FILTER (to_lo < to_hi AND isfinite(to_hi)),
            'opens': count(*) FILTER (scope_set IS NULL AND resolved IN ('looked_up', 'both') AND g.principal IS NOT NULL), 'binding': 0} AS bounded
    FROM credential c LEFT JOIN (SELECT DISTINCT run, principal FROM assignment) g ON g.run = c.run AND g.principal = c.holder
    GROUP BY c.run
), question AS (
    FROM (VALUES
        (1, 'events', 'who', 'Who acted?'),
        (2, 'events', 'single', 'Which one person, agent or service, not only which role?'),
        (3, 'events', 'credential', 'With which credential?'),
        (4, 'events', 'task', 'For which task?'),
        (5, 'events', 'lasted', 'How long did that task last?'),
        (6, 'events', 'operation', 'What was done?'),
        (7, 'events', 'args', 'With which arguments?'),
        (8, 'events', 'resource', 'To what?'),
        (9, 'events', 'decision', 'Was it let in?'),
        (10, 'events', 'origin', 'From where?'),
        (11, 'events', 'duration', 'How long did it take?'),
        (12, 'credentials', 'issuer', 'Who had a credential issued?'),
        (13, 'credentials', 'holder', 'Who holds a credential?'),
        (14, 'credentials', 'since', 'Since when is a credential valid?'),
        (15, 'credentials', 'until', 'Until when is a credential valid?'),
        (16, 'credentials', 'opens', 'What does a credential open?'),
        (17, 'credentials', 'binding', 'Is a copy of a credential of use?')) AS q(position, counted, name, question)
)
SELECT r.run, q.counted, q.question, coalesce(e.total, c.total, 0) AS total,
       coalesce((e.answered::JSON ->> q.name)::BIGINT, (c.answered::JSON ->> q.name)::BIGINT, 0) AS answered,
       coalesce((c.bounded::JSON ->> q.name)::BIGINT, 0) AS bounded
FROM run r
CROSS JOIN question q
LEFT JOIN of_events e ON q.counted = 'events' AND e.run = r.run
LEFT JOIN of_credentials c ON q.counted = 'credentials' AND c.run = r.run
ORDER BY r.run, q.position;
