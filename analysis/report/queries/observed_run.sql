-- An ingested run ($run): what it is, through which profile it is seen, and what that profile shows at all.
SELECT r.*, w.title, w.settings AS assumptions, p.title AS profile_title, p.keeps_expiry AS sees_ends, p.revocations_complete, p.every_use
FROM run r
JOIN fact.workload w ON w.key = r.workload
JOIN fact.log_profile p ON p.name = r.profile
WHERE r.run = $run
