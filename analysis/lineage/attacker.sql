-- On the truth alone: the incident that an event belongs to, from the compromise to its containment.
SELECT 'attacker' AS link, s.step, i.id, i.technique AS name,
       concat_ws(', ', i.threat, CASE WHEN s.allowed THEN 'let in' ELSE 'kept out' END,
                 'detected ' || strftime(i.detected, '%Y-%m-%d %H:%M:%S')) AS detail,
       i.time AS starts, i.contained AS ends
FROM incident_step s JOIN incident i ON i.run = s.run AND i.id = s.incident
WHERE s.run = $run AND s.event = $event
