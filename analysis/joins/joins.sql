-- Which names of an ingested run are names in another one too; of how many events on either side. `meeting`: what may meet
-- what, and how far that is trusted; `form`: what a name says of another.

WITH bearing AS (
    -- Every event under each thing that it names.
    SELECT run, id AS event, time, unnest([
        {'entity': 'principal', 'of': principal}, {'entity': 'principal', 'of': target}, {'entity': 'credential', 'of': credential},
        {'entity': 'credential', 'of': issued}, {'entity': 'session', 'of': session}, {'entity': 'task', 'of': task},
        {'entity': 'task', 'of': parent_task}, {'entity': 'action', 'of': action}, {'entity': 'approval', 'of': approval},
        {'entity': 'event', 'of': id}], recursive := true)
    FROM log.event
), named AS (
    SELECT DISTINCT b.run, b.event, b.time, b.entity, n.name
    FROM bearing b JOIN fact.natural_key n ON n.run = b.run AND n.entity = b.entity AND n.id = b.of
    UNION ALL
    SELECT run, id, time, 'request', request_id FROM log.event WHERE request_id IS NOT NULL
), spanned AS (
    SELECT run, entity, name, min(time) AS since, max(time) AS until FROM named GROUP BY ALL
), called AS (
    -- What a name is by itself, and what it says of another. Of agents that tell of themselves any name is a claim.
    SELECT s.*, s.entity AS said, s.name AS key,
           CASE WHEN s.entity = 'principal' AND list_contains($self_told, r.settings ->> 'source') THEN 'claimed' END AS trust
    FROM spanned s JOIN fact.run r ON r.key = s.run
    UNION ALL
    SELECT s.*, f.name, regexp_replace(s.name, f.pattern, f.made), f.trust
    FROM spanned s JOIN form f ON s.entity IN ('principal', 'session') AND regexp_matches(s.name, f.pattern)
), keyed AS (
    -- Any number of names may say the same of another: they are told apart here, before each meets each.
    SELECT run, entity, said, key, trust, min(name) AS name, max(name) AS last_name, min(since) AS since, max(until) AS until
    FROM called GROUP BY ALL
), met AS (
    SELECT a.run, b.run AS other, a.said, b.said AS other_said, a.key, a.entity, a.name, a.last_name, b.name AS other_name, b.last_name AS last_other_name,
           a.since <= b.until AND b.since <= a.until AS together,
           -- The weakest of what is known of the names and of their kinds.
           list_max([a.trust, b.trust, CASE WHEN p.trust = 'issued' AND length(a.key) < $unique THEN 'claimed' ELSE p.trust END]
                    ::ENUM('issued', 'vouched', 'claimed')[]) AS trust
    FROM keyed a
    JOIN keyed b ON b.key = a.key AND b.run <> a.run
    JOIN meeting p ON (p.one, p.other) IN ((a.entity, b.entity), (b.entity, a.entity))
    -- Of names that are equal as they stand nothing more is said by what they contain.
    WHERE a.key = a.name OR (a.name, a.last_name) <> (b.name, b.last_name) OR a.name < a.last_name
), known AS (
    SELECT *, min(name) OVER of_key < max(last_name) OVER of_key OR min(other_name) OVER of_key < max(last_other_name) OVER of_key AS ambiguous
    FROM met WINDOW of_key AS (PARTITION BY run, other, said, other_said, key)
), followed AS (
    SELECT k.run, k.other, k.said, k.other_said, k.trust, count(DISTINCT n.event) AS events
    FROM (SELECT DISTINCT run, other, said, other_said, trust, entity, name FROM known WHERE NOT ambiguous) k
    JOIN named n USING (run, entity, name)
    GROUP BY ALL
), counted AS (
    SELECT run, other, said, other_said, trust, count(DISTINCT key) AS shared, count(DISTINCT key) FILTER (ambiguous) AS ambiguous,
           count(DISTINCT key) FILTER (together AND NOT ambiguous) AS together
    FROM known GROUP BY ALL
), totals AS (
    SELECT run, count(*) AS events FROM log.event GROUP BY run
)
SELECT c.run, c.said, c.other, c.other_said, c.trust, c.shared, c.ambiguous, c.together,
       coalesce(f.events, 0) AS events, t.events AS of_events, coalesce(g.events, 0) AS other_events, u.events AS of_other_events
FROM counted c
JOIN totals t ON t.run = c.run
JOIN totals u ON u.run = c.other
LEFT JOIN followed f ON (f.run, f.other, f.said, f.other_said, f.trust) = (c.run, c.other, c.said, c.other_said, c.trust)
LEFT JOIN followed g ON (g.run, g.other, g.said, g.other_said, g.trust) = (c.other, c.run, c.other_said, c.said, c.trust)
WHERE c.run < c.other
ORDER BY c.run, c.other, c.trust, c.said, c.other_said;
