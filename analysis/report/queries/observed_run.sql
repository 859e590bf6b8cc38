-- An ingested run ($run): what it is, through which profile it is seen, and what that profile shows at all.
SELECT r.id, r.t0, r.t1, r.version, r.profile, p.title AS profile_title, r.settings, w.title, w.settings AS assumptions,
       p.keeps_credential AS sees_credentials, p.keeps_task AS sees_tasks, p.keeps_scope AS sees_scope,
       p.keeps_action AS sees_actions, p.keeps_expiry AS sees_ends, p.keeps_queue AS sees_queue,
       p.keeps_task AND p.keeps_action AND p.keeps_duration AS sees_need, p.dropped = 0 AS sees_every_event,
       p.dropped = 0 AND p.keeps_credential AND p.keeps_history AS sees_every_credential, p.revocations_complete
FROM fact.run r
JOIN fact.workload w ON w.key = r.workload
JOIN fact.log_profile p ON p.name = r.profile
WHERE r.key = $run
