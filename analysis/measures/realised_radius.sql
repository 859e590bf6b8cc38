-- title: Realised radius
-- question: What did attackers who struck in the window get done, and what did the response break?
-- unit: percent of incidents | *_detection_percent; percent of the estate's declared value | value_percent, value_cvar95; minutes | *_minutes; lags in tails | detection_per_tail; tasks | broken_tasks; incidents | incidents; calls | *
-- grain: run, threat, stat
-- evidence: truth
-- unfinished: what an attacker would have tried after the window's end is not counted; one that had no success by then has none
-- assumes: incidents: that struck in the window; of a threat that did not, that alone is told: where nobody tried, no harm is not what came of it
-- assumes: attempts: what they tried
-- assumes: allowed: what of it worked
-- assumes: jewels_changed: attempts that worked on a tier-3 write or permissions atom
-- assumes: value_percent: share of the estate's declared value touched, each group once at its highest level, the mean over incidents, 0 where nothing worked
-- assumes: value_cvar95: the mean over the worst twentieth of them, none where fewer than twenty lie in it: what is rare is not known from few
-- assumes: of replications together, where those have as many (what hangs together within one counts as fewer, and as it is where there is one run only, because no other shows how much runs differ)
-- assumes: first_use_minutes: median time from compromise to the first success, none where half had no success, and of several runs the mean of each one's median
-- assumes: used_before_detection_percent: incidents with a success before anybody noticed
-- assumes: gone_before_detection_percent: incidents that nobody had noticed when the last of what the agent held at the compromise, which what an attacker had an issuer make in its name is not, was no longer accepted
-- assumes: detection_per_tail: median of the time until it was noticed over the time until then, at least and at most where that is after the window's end, none where half were never noticed or nothing was held, and of several runs the mean of each one's median
-- assumes: broken_tasks: tasks that gave up after a refusal in quarantine, counted for the agent's incident contained last before
-- parameter: fewest_in_tail = 20 in [0, 1000000] | incidents that must lie in the worst twentieth
-- pool: losses | tail-mean
-- source: blast radius as realised by an attacker who is stopped by detection or expiry; time to first use and to detection
WITH struck AS (
    SELECT i.* FROM incident i JOIN run r USING (run) WHERE i.time >= r.t0 AND i.time < r.t1
), tried AS (
    SELECT s.run, s.incident, s.allowed, e.time, k.resource_group, k.resources::HUGEINT * k.weight AS value,
           is_jewel(k.tier, k.level) AS jewel
    FROM incident_step s
    JOIN bare_event e ON e.run = s.run AND e.id = s.event
    JOIN catalogue k ON k.run = s.run AND k.atom = s.atom
), touched AS (
    SELECT run, incident, sum(value) AS value
    FROM (SELECT run, incident, resource_group, max(value) AS value FROM tried WHERE allowed GROUP BY ALL)
    GROUP BY run, incident
), losses AS (
    SELECT i.run, i.threat, 100.0 * coalesce(v.value, 0) / e.value AS lo, lo AS hi
    FROM struck i JOIN estate e USING (run) LEFT JOIN touched v ON v.run = i.run AND v.incident = i.id
), worst AS (
    SELECT run, threat, mean_of_worst(lo, 1, worse, tail) AS value
    FROM (SELECT *, count(*) OVER of / 20 AS tail, row_number() OVER (of ORDER BY lo DESC) - 1 AS worse FROM losses WINDOW of AS (PARTITION BY run, threat))
    WHERE tail >= $fewest_in_tail GROUP BY run, threat
), told AS (
    SELECT i.run, i.threat, i.id, i.detected, count(t.incident) AS attempts, count(*) FILTER (t.allowed) AS allowed,
           count(*) FILTER (t.allowed AND t.jewel) AS jewels, min(t.time) FILTER (t.allowed) AS first_use,
           coalesce(epoch_us(min(t.time) FILTER (t.allowed)) - epoch_us(i.time), 'infinity'::DOUBLE) AS us
    FROM struck i LEFT JOIN tried t ON t.run = i.run AND t.incident = i.id
    GROUP BY i.run, i.threat, i.id, i.time, i.detected
), made AS (
    -- What an attacker had an issuer make in the name of an agent lies with the attacker.
    SELECT e.run, e.issued AS credential
    FROM true_actor a JOIN bare_event e ON e.run = a.run AND e.id = a.event
    WHERE a.actor = 'attacker' AND e.kind = 'issue'
), tails AS (
    -- Until when anything that the agent held at the instant of the compromise was accepted, whether or not it was abandoned since.
    SELECT i.run, i.threat, i.id, i.time, i.detected, max(h.ends) AS until
    FROM struck i LEFT JOIN (FROM carried ANTI JOIN made USING (run, credential)) h ON h.run = i.run AND h.holder = i.agent AND h.starts <= i.time AND h.ends > i.time
    GROUP BY ALL
), lags AS (
    SELECT q.run, q.threat,
           100.0 * avg(CASE WHEN coalesce(q.until, q.time) <= q.detected OR (q.detected IS NULL AND coalesce(q.until < r.t1, true)) THEN 1 ELSE 0 END) AS gone,
           quantile_disc(coalesce(CASE WHEN q.until < r.t1 THEN q.ratio ELSE 0 * q.ratio END, 'infinity'::DOUBLE), 0.5) AS least,
           quantile_disc(coalesce(q.ratio, 'infinity'::DOUBLE), 0.5) AS most
    FROM (SELECT *, (epoch_us(detected) - epoch_us(time)) / (epoch_us(until) - epoch_us(time)) AS ratio FROM tails) q
    JOIN run r USING (run)
    GROUP BY q.run, q.threat
), unsure AS (
    -- Where it is not known until when something was accepted, when the last of it was gone is not known either.
    SELECT n.run, s.stat, n.credentials
    FROM unknown_carried n
    CROSS JOIN (SELECT unnest(['gone_before_detection_percent', 'detection_per_tail']) AS stat) s
), refused AS (
    SELECT e.run, e.task, e.target AS agent, max(e.time) AS time
    FROM bare_event e WHERE e.kind = 'decide' AND e.reason = 'incident' AND e.task IS NOT NULL
    GROUP BY e.run, e.task, e.target
), broken AS (
    SELECT run, threat, count(*) AS tasks
    FROM (SELECT i.run, i.threat
          FROM refused f
          JOIN task t ON t.run = f.run AND t.id = f.task AND t.outcome = 'broken'
          JOIN struck i ON i.run = f.run AND i.agent = f.agent AND i.contained <= f.time
          QUALIFY row_number() OVER (PARTITION BY f.run, f.task, f.agent ORDER BY i.contained DESC, i.threat DESC) = 1)
    GROUP BY run, threat
), by_threat AS (
    SELECT o.run, o.threat, count(*) AS incidents, sum(o.attempts) AS attempts, sum(o.allowed) AS allowed, sum(o.jewels) AS jewels,
           avg(100.0 * coalesce(v.value, 0) / e.value) AS value, quantile_disc(o.us, 0.5) / 60e6 AS minutes,
           100.0 * avg(CASE WHEN o.first_use < coalesce(o.detected, 'infinity') THEN 1 ELSE 0 END) AS unnoticed
    FROM told o JOIN estate e USING (run) LEFT JOIN touched v ON v.run = o.run AND v.incident = o.id
    GROUP BY o.run, o.threat
), valued AS (
    SELECT r.run, g.threat, s.stat,
           CASE s.stat WHEN 'incidents' THEN coalesce(t.incidents, 0)
                       WHEN 'attempts' THEN t.attempts
                       WHEN 'allowed' THEN t.allowed
                       WHEN 'jewels_changed' THEN t.jewels
                       WHEN 'value_percent' THEN t.value
                       WHEN 'value_cvar95' THEN w.value
                       WHEN 'first_use_minutes' THEN t.minutes
                       WHEN 'used_before_detection_percent' THEN t.unnoticed
                       WHEN 'gone_before_detection_percent' THEN l.gone
                       WHEN 'detection_per_tail' THEN l.least
                       ELSE coalesce(b.tasks, 0 * t.incidents) END::DOUBLE AS lo,
           CASE s.stat WHEN 'detection_per_tail' THEN l.most ELSE lo END AS hi
    FROM run r
    CROSS JOIN (SELECT unnest(enum_range(NULL::threat)) AS threat) g
    CROSS JOIN (SELECT unnest(['incidents', 'attempts', 'allowed', 'jewels_changed', 'value_percent', 'value_cvar95', 'first_use_minutes',
                               'used_before_detection_percent', 'gone_before_detection_percent', 'detection_per_tail',
                               'broken_tasks']) AS stat) s
    LEFT JOIN by_threat t ON t.run = r.run AND t.threat = g.threat
    LEFT JOIN worst w ON w.run = r.run AND w.threat = g.threat
    LEFT JOIN lags l ON l.run = r.run AND l.threat = g.threat
    LEFT JOIN broken b ON b.run = r.run AND b.threat = g.threat
)
SELECT run, threat::VARCHAR AS threat, stat, CASE WHEN u.stat IS NULL AND isfinite(v.lo) THEN v.lo END AS lo,
       CASE WHEN u.stat IS NULL AND isfinite(v.hi) THEN v.hi END AS hi, coalesce(u.credentials, 0)::BIGINT AS unknowns
FROM valued v LEFT JOIN unsure u USING (run, stat) ORDER BY run, threat, stat
