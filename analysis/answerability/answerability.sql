-- What each log answers: of how many events or credentials it says who, what, when, and of how many it only leaves an interval;
-- and how sound it is: of how many files, records, events, tasks and credentials what belongs to them is there.

WITH happened AS (
    SELECT e.*, p.kind IS NOT NULL AND p.kind NOT IN ('role', 'group', 'shared_account', 'team') AS single, t.ended IS NOT NULL AS ended
    FROM event e
    LEFT JOIN principal p ON p.run = e.run AND p.id = e.principal
    LEFT JOIN task t ON t.run = e.run AND t.id = e.task
    WHERE e.kind NOT IN ('task_start', 'task_end', 'spawn', 'log_gap')
), of_events AS (
    SELECT run, count(*) AS total, unnest([
        {'name': 'who', 'answered': count(principal)}, {'name': 'single', 'answered': count(*) FILTER (single)},
        {'name': 'credential', 'answered': count(credential)}, {'name': 'task', 'answered': count(task)},
        {'name': 'lasted', 'answered': count(*) FILTER (ended)}, {'name': 'operation', 'answered': count(operation)},
        {'name': 'args', 'answered': count(args)}, {'name': 'resource', 'answered': count(resource)},
        {'name': 'decision', 'answered': count(decision)}, {'name': 'origin', 'answered': count(origin)},
        {'name': 'duration', 'answered': count(duration)}], recursive := true)
    FROM happened GROUP BY run
), of_credentials AS (
    -- An end that is never is one, where it is stated. What is looked up at use is bounded by what its holder is known to hold.
    SELECT c.run, count(*) AS total, unnest([
        {'name': 'issuer', 'answered': count(issuer), 'bounded': 0}, {'name': 'holder', 'answered': count(holder), 'bounded': 0},
        {'name': 'since', 'answered': count(*) FILTER (from_lo = from_hi), 'bounded': count(*) FILTER (from_lo < from_hi AND isfinite(from_lo))},
        {'name': 'until', 'answered': count(*) FILTER (to_lo = to_hi), 'bounded': count(*) FILTER (to_lo < to_hi AND isfinite(to_hi))},
        {'name': 'opens', 'answered': count(scope_set),
         'bounded': count(*) FILTER (scope_set IS NULL AND resolved IN ('looked_up', 'both') AND g.principal IS NOT NULL)},
        {'name': 'binding', 'answered': count(*) FILTER (binding <> 'unknown'), 'bounded': 0}], recursive := true)
    FROM credential c LEFT JOIN (SELECT DISTINCT run, principal FROM assignment) g ON g.run = c.run AND g.principal = c.holder
    GROUP BY c.run
), timed AS (
    SELECT *, epoch_us(time) - clock_error AS earliest, epoch_us(time) + clock_error + resolution - 1 AS latest
    FROM event WHERE kind NOT IN ('task_start', 'task_end', 'spawn')
), strangers AS (
    -- Calls by nobody known, and until when any that began by then may have been.
    SELECT run, earliest, max(latest) OVER (PARTITION BY run ORDER BY earliest) AS until FROM timed WHERE kind = 'use' AND principal IS NULL
), placed AS (
    -- What is in doubt is whether it was before or after something else of the same principal, or a call by whoever may be the same,
    -- and what a gap hides: before it, and after the last of all.
    SELECT run, kind, coalesce(lag(kind) OVER (PARTITION BY run ORDER BY time, id) = 'log_gap', false)
                      OR bool_and(kind = 'log_gap') OVER later IS TRUE AS beside_gap,
           principal IS NOT NULL AND coalesce(max(latest) OVER before < earliest, true) AND coalesce(lead(earliest) OVER each > latest, true)
           AND coalesce(until < earliest, true) AS ordered
    FROM (SELECT t.*, s.until FROM timed t ASOF LEFT JOIN strangers s ON s.run = t.run AND s.earliest <= t.latest)
    WINDOW each AS (PARTITION BY run, principal ORDER BY earliest, id),
           before AS (PARTITION BY run, principal ORDER BY earliest, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
           later AS (PARTITION BY run ORDER BY time, id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
), telling_of_gaps AS (
    -- Silence proves nothing where gaps are never told of, or not all of them.
    SELECT r.run FROM run r JOIN fact.log_profile p ON p.name = r.profile WHERE list_contains(p.kinds, 'log_gap') AND p.dropped = 0
), sound AS (
    SELECT run, 'ordered' AS name, count(*) AS total, count(*) FILTER (ordered) AS answered FROM placed WHERE kind <> 'log_gap' GROUP BY run
    UNION ALL
    SELECT e.run, 'no_gap', count(*), count(t.run) FILTER (NOT e.beside_gap)
    FROM placed e LEFT JOIN telling_of_gaps t USING (run) WHERE e.kind <> 'log_gap' GROUP BY e.run
    UNION ALL
    SELECT f.run, 'file', count(*), count(f.source) FILTER (j.run IS NULL)
    FROM fact.source_file f LEFT JOIN (SELECT DISTINCT run, source_file FROM fact.reject WHERE ordinal IS NULL) j ON j.run = f.run AND j.source_file = f.id
    GROUP BY f.run
    UNION ALL
    SELECT run, 'record', sum(records)::BIGINT, sum(records - rejected)::BIGINT FROM fact.source_file GROUP BY run
    UNION ALL
    SELECT c.run, 'caller', count(*), count(p.id)
    FROM task c LEFT JOIN task p ON p.run = c.run AND p.id = c.parent
    WHERE c.parent IS NOT NULL GROUP BY c.run
    UNION ALL
    SELECT g.run, 'cut_from', count(*), count(p.id)
    FROM (SELECT DISTINCT run, child, parent FROM credential_edge) g LEFT JOIN credential p ON p.run = g.run AND p.id = g.parent
    GROUP BY g.run
), answer AS (
    FROM of_events UNION ALL BY NAME FROM of_credentials UNION ALL BY NAME FROM sound
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
        (17, 'credentials', 'binding', 'Is a copy of a credential of use?'),
        (18, 'files', 'file', 'Could the file be read?'),
        (19, 'records', 'record', 'Could the record be read?'),
        (20, 'events', 'no_gap', 'Does the log say that nothing is missing right before it, nor after the last?'),
        (21, 'events', 'ordered', 'Is it told apart in time from all else that the same one did?'),
        (22, 'tasks', 'caller', 'Is the task there that called it up?'),
        (23, 'credentials', 'cut_from', 'Is the credential there that it came from?')) AS q(position, counted, name, question)
)
SELECT r.run, q.counted, q.question, coalesce(a.total, 0) AS total, coalesce(a.answered, 0) AS answered, coalesce(a.bounded, 0) AS bounded
FROM run r
CROSS JOIN question q
LEFT JOIN answer a ON a.run = r.run AND a.name = q.name
ORDER BY r.run, q.position;
