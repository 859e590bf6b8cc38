-- title: Orphans
-- question: For whom or what does nobody answer, why, how long until somebody does, and how much does each of those answer for?
-- unit: credential-hours per agent-day | zombie_credential hours; identity-hours per agent-day | hours; percent of identities | percent; percent of owned identities | acknowledged_percent; days | days; owners | owners; Gini coefficient | load_gini; identities per owner | load_*; credentials | zombie_credential open; identities | open
-- grain: run, part, stat
-- unfinished: what is open at the window's end is open there and is cut; who is an orphan then adds to the time, not to the number re-owned
-- assumes: orphaned: nobody answers who is there: never_owned so far, owner_left, or no_member left in the team that owns
-- assumes: a team of which no member is on record answers for nobody, and on a log it is open whether it does
-- assumes: diffuse: only a team, of which nobody acknowledged it
-- assumes: dead_escalation: an owner is there, but whoever was named besides has left
-- assumes: zombie_credential: of a sub-agent, its own or handed down to it, accepted after its parent task and the task that it was issued for ended. reowning: days orphaned over the horizon for each that was re-owned (the estimate of an exponential law under censoring). owner: those there answer for who is there at the window's end
-- assumes: acknowledged_percent: of the identities for which somebody does, those of which one of them says so, because one name put beside all of them would leave no orphan
-- assumes: owners: how many answer for somebody
-- assumes: load_gini: how unevenly that lies on them: of n owners in the order of their loads x, the sum of (2i - n - 1) x_i over n times the sum of x, which is 0 where all answer for as many and below (n - 1) / n, which one comes near who answers for nearly all. Over those who answer, because an inventory lists approvers and others who never could own, and does not tell who could
-- assumes: so one name put beside some raises it, but one that answers for all leaves it at 0: to be read beside owners and load_most, which tell that. On a log, a credential that a sub-agent may have been let use counts at most, and what no inventory lists has no upper end
-- assumes: in a replay of a real log nobody knows who answers for whom
-- parameter: horizon_days = 365 in [0, 36525] | days before the window's end over which times to re-own are counted
-- source: alternating renewal of owned and orphaned; orphan iff no path from the identity to an active human; concentration of owners (Gini, Variabilita e mutabilita, 1912: the mean absolute difference of two, over twice the mean)
WITH spans AS (
    SELECT run, bound, class AS part, principal AS whose, starts, ends FROM unanswered
    UNION ALL
    SELECT run, bound, 'orphaned', principal, starts, ends FROM unanswered
    UNION ALL
    SELECT a.run, b.bound, 'diffuse', a.principal, greatest(a.starts, t.starts), least(a.ends, t.ends)
    FROM answered a JOIN there t USING (run, principal) CROSS JOIN bounds b
    WHERE a.role = 'owner' AND a.by_team AND NOT a.acknowledged AND (b.bound <> 'lo' OR (a.starts IS NOT NULL AND a.ends IS NOT NULL))
    UNION ALL
    -- As long as an owner is there, after whoever was named last has left.
    SELECT e.run, b.bound, 'dead_escalation', e.principal, greatest(e.ends, a.starts, t.starts), least(a.ends, t.ends)
    FROM (SELECT run, principal, max(ends) AS ends FROM answered WHERE role = 'escalation' GROUP BY run, principal) e
    JOIN answered a ON a.run = e.run AND a.principal = e.principal AND a.role = 'owner'
    JOIN there t ON t.run = e.run AND t.principal = e.principal
    JOIN bounds b ON b.bound <> 'lo' OR (a.starts IS NOT NULL AND a.ends IS NOT NULL)
    UNION ALL
    SELECT run, bound, 'zombie_credential', credential, starts, ends FROM zombie
), marked AS (
    SELECT s.*, r.t0, r.t1, max(s.ends) OVER (PARTITION BY s.run, s.bound, s.part, s.whose ORDER BY s.starts, s.ends
                                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM spans s JOIN run r USING (run)
    WHERE coalesce(s.starts < r.t1, true) AND coalesce(s.ends > r.t0, true) AND coalesce(s.starts < s.ends, true)
), totals AS (
    SELECT run, bound, part, count(DISTINCT whose) FILTER (ends >= t1) AS open,
           sum(exposed_us(greatest(starts, covered), ends, t0, t1))::HUGEINT / 3.6e9 AS hours,
           count(*) FILTER (starts IS NULL OR ends IS NULL) AS unknowns
    FROM marked GROUP BY run, bound, part
), reowning AS (
    -- What lost its owner within the horizon or before, until re-owned, removed, or the end.
    SELECT u.run, u.bound, count(*) FILTER (u.ends < r.t1 AND u.ends < u.until) AS reowned,
           sum(exposed_us(u.starts, u.ends, r.t1 - to_days($horizon_days::INTEGER), r.t1))::HUGEINT / 8.64e10 AS days
    FROM unanswered u JOIN run r USING (run)
    WHERE u.class = 'owner_left' AND u.starts < r.t1 AND u.ends > r.t1 - to_days($horizon_days::INTEGER)
    GROUP BY u.run, u.bound
), owned AS (
    -- Who answers for whom as the window ends.
    SELECT a.run, a.owner, a.principal, bool_or(a.acknowledged) AS acknowledged
    FROM answered a
    JOIN there t USING (run, principal)
    JOIN run r USING (run)
    WHERE a.role = 'owner' AND a.starts < r.t1 AND a.ends >= r.t1 AND t.ends >= r.t1
    GROUP BY a.run, a.owner, a.principal
), known AS (
    SELECT run, 100.0 * count(*) FILTER (acknowledged) / count(*) AS percent
    FROM (SELECT run, principal, bool_or(acknowledged) AS acknowledged FROM owned GROUP BY run, principal) GROUP BY run
), load AS (
    -- Whole numbers, so that the order of owners who answer for as many does not matter.
    SELECT run, count(*) AS owners, avg(identities) AS mean, max(identities) AS most,
           sum((2 * place - n - 1) * identities) / (count(*) * sum(identities)) AS gini
    FROM (SELECT run, count(*) AS identities, row_number() OVER (PARTITION BY run ORDER BY count(*)) AS place, count(*) OVER (PARTITION BY run) AS n
          FROM owned GROUP BY run, owner)
    GROUP BY run
), present AS (
    SELECT run, count(*) AS identities FROM there JOIN run r USING (run)
    WHERE starts < r.t1 AND ends >= r.t1 AND principal IS NOT NULL GROUP BY run
), asked AS (
    SELECT part, unnest(['open', 'hours']) AS stat
    FROM (SELECT unnest(['never_owned', 'owner_left', 'no_member', 'orphaned', 'diffuse', 'dead_escalation', 'zombie_credential']) AS part)
    UNION ALL
    SELECT * FROM (VALUES ('orphaned', 'percent'), ('reowning', 'days'), ('owner', 'owners'), ('owner', 'load_mean'), ('owner', 'load_most'), ('owner', 'load_gini'),
                          ('owner', 'acknowledged_percent'))
), valued AS (
    SELECT r.run, q.part, q.stat, b.bound, coalesce(t.unknowns, 0)::BIGINT + CASE WHEN q.stat IN ('open', 'hours') THEN d.unsure ELSE 0 END + CASE q.part WHEN 'zombie_credential' THEN coalesce(c.calls, 0) ELSE 0 END
           + CASE WHEN q.part <> 'zombie_credential' AND b.bound = 'exact' AND is_rebuilt(r.scenario) THEN 1 ELSE 0 END AS unknowns,
           CASE WHEN coalesce(t.unknowns, 0) > 0 OR NOT CASE q.part WHEN 'zombie_credential' THEN r.sees_tasks AND r.sees_credentials ELSE r.sees_scope AND NOT is_rebuilt(r.scenario) END
                THEN NULL
                -- What no inventory lists has no upper end; nor do shares and times of what is listed bound those of all.
                WHEN q.part = 'zombie_credential' THEN CASE WHEN b.bound <> 'hi' OR r.sees_every_credential THEN
                     CASE q.stat WHEN 'open' THEN coalesce(t.open, 0) ELSE coalesce(t.hours, 0) / d.days END END
                WHEN b.bound = 'hi' AND r.sees_inventory THEN NULL
                WHEN b.bound <> 'exact' AND q.stat IN ('percent', 'days', 'owners', 'load_mean', 'load_most', 'load_gini', 'acknowledged_percent') THEN NULL
                ELSE CASE q.stat WHEN 'open' THEN coalesce(t.open, 0) WHEN 'hours' THEN coalesce(t.hours, 0) / d.days
                                 WHEN 'percent' THEN 100.0 * coalesce(t.open, 0) / p.identities
                                 WHEN 'days' THEN w.days / nullif(w.reowned, 0)
                                 WHEN 'acknowledged_percent' THEN k.percent
                                 WHEN 'owners' THEN coalesce(l.owners, 0)
                                 -- Of nobody there is no spread.
                                 WHEN 'load_gini' THEN l.gini
                                 WHEN 'load_mean' THEN coalesce(l.mean, 0) ELSE coalesce(l.most, 0) END
           END AS value
    FROM run r
    CROSS JOIN bounds b
    CROSS JOIN asked q
    JOIN agent_days d ON d.run = r.run AND d.bound = b.bound
    LEFT JOIN totals t ON t.run = r.run AND t.part = q.part AND t.bound = b.bound
    LEFT JOIN doubtful_calls c ON c.run = r.run
    LEFT JOIN reowning w ON w.run = r.run AND w.bound = b.bound
    LEFT JOIN load l ON l.run = r.run
    LEFT JOIN known k ON k.run = r.run
    LEFT JOIN present p ON p.run = r.run
)
SELECT run, part, stat, proven(value, bound) AS lo, at_most(value, bound) AS hi, max(unknowns) AS unknowns
FROM valued GROUP BY run, part, stat ORDER BY run, part, stat
