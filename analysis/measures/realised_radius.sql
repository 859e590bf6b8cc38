-- title: Realised radius
-- question: What did attackers who struck in the window get done, and what did the response break?
-- unit: count, percent or minutes, as the row says
-- grain: run, threat, stat
-- evidence: truth
-- unfinished: what an attacker would have tried after the window's end is not counted; one that had no success by then has none
-- assumes: incidents: that struck in the window; attempts and allowed: what they tried, and what of it worked; jewels_changed: attempts that worked on a tier-3 write or permissions atom; value_percent: share of the estate's declared value touched, each group once at its highest level, the mean over incidents, 0 where nothing worked; first_use_minutes: median time from compromise to the first success, none where half had no success; used_before_detection_percent: incidents with a success before anybody noticed; broken_tasks: tasks that gave up after a refusal in quarantine, counted for the agent's incident contained last before
-- source: blast radius as realised by an attacker who is stopped by detection or expiry; time to first use and to detection
WITH struck AS (
    SELECT i.* FROM incident i JOIN run r USING (run) WHERE i.time >= r.t0 AND i.time < r.t1
), tried AS (
    SELECT s.run, s.incident, s.allowed, e.time, k.resource_group, k.resources * k.weight AS value,
           k.tier = 3 AND k.level IN ('write', 'permissions') AS jewel
    FROM incident_step s
    JOIN event e ON e.run = s.run AND e.id = s.event
    JOIN catalogue k ON k.run = s.run AND k.atom = s.atom
), touched AS (
    SELECT run, incident, sum(value) AS value
    FROM (SELECT run, incident, resource_group, max(value) AS value FROM tried WHERE allowed GROUP BY ALL)
    GROUP BY run, incident
), estate AS (
    SELECT run, sum(value) AS value
    FROM (SELECT run, resource_group, max(resources * weight) AS value FROM catalogue GROUP BY run, resource_group)
    GROUP BY run
), told AS (
    SELECT i.run, i.threat, i.id, i.detected, count(t.incident) AS attempts, count(*) FILTER (t.allowed) AS allowed,
           count(*) FILTER (t.allowed AND t.jewel) AS jewels, min(t.time) FILTER (t.allowed) AS first_use,
           coalesce(epoch_us(min(t.time) FILTER (t.allowed)) - epoch_us(i.time), 'infinity'::DOUBLE) AS us
    FROM struck i LEFT JOIN tried t ON t.run = i.run AND t.incident = i.id
    GROUP BY i.run, i.threat, i.id, i.time, i.detected
), refused AS (
    SELECT e.run, e.task, e.target AS agent, max(e.time) AS time
    FROM event e WHERE e.kind = 'decide' AND e.reason = 'incident' AND e.task IS NOT NULL
    GROUP BY e.run, e.task, e.target
), broken AS (
    SELECT run, threat, count(*) AS tasks
    FROM (SELECT i.run, i.threat
          FROM refused f
          JOIN task t ON t.run = f.run AND t.id = f.task AND t.outcome = 'broken'
          JOIN struck i ON i.run = f.run AND i.agent = f.agent AND i.contained <= f.time
          QUALIFY row_number() OVER (PARTITION BY f.run, f.task, f.agent ORDER BY i.contained DESC, i.threat DESC) = 1)
    GROUP BY run, threat
), threats AS (
    SELECT o.run, o.threat, count(*) AS incidents, sum(o.attempts) AS attempts, sum(o.allowed) AS allowed, sum(o.jewels) AS jewels,
           avg(100.0 * coalesce(v.value, 0) / e.value) AS value, quantile_disc(o.us, 0.5) / 60e6 AS minutes,
           100.0 * avg(CASE WHEN o.first_use < coalesce(o.detected, 'infinity') THEN 1 ELSE 0 END) AS unnoticed
    FROM told o JOIN estate e USING (run) LEFT JOIN touched v ON v.run = o.run AND v.incident = o.id
    GROUP BY o.run, o.threat
), valued AS (
    SELECT r.run, g.threat, s.stat,
           CASE s.stat WHEN 'incidents' THEN coalesce(t.incidents, 0)
                       WHEN 'attempts' THEN coalesce(t.attempts, 0)
                       WHEN 'allowed' THEN coalesce(t.allowed, 0)
                       WHEN 'jewels_changed' THEN coalesce(t.jewels, 0)
                       WHEN 'value_percent' THEN t.value
                       WHEN 'first_use_minutes' THEN t.minutes
                       WHEN 'used_before_detection_percent' THEN t.unnoticed
                       ELSE coalesce(b.tasks, 0) END::DOUBLE AS value
    FROM run r
    CROSS JOIN (SELECT unnest(enum_range(NULL::threat)) AS threat) g
    CROSS JOIN (SELECT unnest(['incidents', 'attempts', 'allowed', 'jewels_changed', 'value_percent', 'first_use_minutes',
                               'used_before_detection_percent', 'broken_tasks']) AS stat) s
    LEFT JOIN threats t ON t.run = r.run AND t.threat = g.threat
    LEFT JOIN broken b ON b.run = r.run AND b.threat = g.threat
)
SELECT run, threat::VARCHAR AS threat, stat, CASE WHEN isfinite(value) THEN value END AS lo, lo AS hi, 0 AS unknowns
FROM valued ORDER BY run, threat, stat
