-- The window is the instant of the snapshot, and what is known of groups is who is in them.
SELECT r.begins, r.t0, r.t1, r.profile, (SELECT string_agg(m.name || ' in ' || c.name, ', ') FROM log.membership b
       JOIN log.principal m ON m.run = b.run AND m.id = b.member JOIN log.principal c ON c.run = b.run AND c.id = b.container) AS members,
       n.note
FROM log.run r, (SELECT unnest(from_json(settings -> 'notes', '["VARCHAR"]')) AS note FROM fact.run) n
