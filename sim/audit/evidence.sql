-- Evidence: the schemas log and truth offer the same names, so that a measure cannot tell which it reads.
--
-- truth   nothing hidden; and what no log has: action, demand, incident, incident_step, leak, true_actor
-- log     what a log of the run's profile shows: fields left out, events lost, clocks ahead
--
-- The variable `runs`, a list of run keys, narrows both; unset, they show every completed run.
-- A join keeps in memory what its text names last: runs, which are few, come after what belongs to them.
-- sees_* say what the evidence can show at all: a measure answers NULL where it cannot, never zero.
--   credentials       which credential was used or issued, and how it is bound and resolved
--   tasks, actions    of which task an event is; of which action, and since when that was asked for
--   scope             what a credential may do, and what snapshots say that identities may
--   approvals         what humans decided
--   queue             when work arrived, also what was never begun
--   every_event       nothing is lost, no clock is wrong, no kind of call is left out: what is not there did not happen, so counts and quantiles of what is there stand
--   all_kept          the same, but for kinds of call that the log does not keep, or keeps only by choice (catalogue.by_choice)
--   every_credential  also those issued before the log begins: one that is not there does not exist
--   touch, tool       what a call touched; by which tool, with which arguments
--   cover             which approval a use rests on
--   inventory         a snapshot lists identities: one that is not in it is a shadow
--   reviews           every review of the past is in it
--   decisions         what was decided at run time, and about which credential
--   plan              what each task declared when it began
--   need              when each task's calls were asked for, began and ended: need is known, not only bounded

CREATE MACRO exposed_us(starts, ends, t0, t1) AS
    -- Microseconds of [starts, ends) inside [t0, t1). NULL in, NULL out: least() and greatest() skip NULLs, this does not.
    CASE WHEN starts IS NULL OR ends IS NULL OR t0 IS NULL OR t1 IS NULL THEN NULL
         ELSE greatest(0, epoch_us(greatest(least(ends, t1), t0)) - epoch_us(least(greatest(starts, t0), t1)))
    END;

CREATE VIEW truth.run AS
SELECT r.key AS run, r.* EXCLUDE (key), w.settings AS scenario,
       true AS sees_credentials, true AS sees_tasks, true AS sees_scope, true AS sees_actions, true AS sees_touch, true AS sees_tool,
       true AS sees_approvals, true AS sees_cover,
       true AS sees_decisions, true AS sees_queue, true AS sees_every_event, true AS sees_all_kept, true AS sees_every_credential, true AS sees_need,
       true AS sees_reviews, true AS sees_inventory, true AS sees_plan
FROM fact.run r JOIN fact.workload w ON w.key = r.workload
WHERE r.completed IS NOT NULL AND r.kind <> 'ingested'
  AND (getvariable('runs') IS NULL OR list_contains(getvariable('runs'), r.key));

CREATE VIEW log.run AS
SELECT r.key AS run, r.* EXCLUDE (key), w.settings AS scenario, p.keeps_credential AS sees_credentials,
       p.keeps_task AS sees_tasks, p.keeps_scope AS sees_scope, p.keeps_action AS sees_actions,
       p.keeps_touch AS sees_touch, p.keeps_tool AS sees_tool,
       list_contains(p.kinds, 'decide_approval') AS sees_approvals, p.keeps_approval AS sees_cover,
       list_contains(p.kinds, 'decide') AS sees_decisions, p.keeps_queue AS sees_queue,
       p.whole AND p.every_use AS sees_every_event, p.whole AS sees_all_kept,
       p.whole AND p.keeps_credential AND p.keeps_history AS sees_every_credential,
       sees_every_event AND p.keeps_task AND p.keeps_action AND p.keeps_touch AND p.keeps_duration AS sees_need,
       p.whole AND p.keeps_history AND list_contains(p.kinds, 'review') AS sees_reviews,
       p.keeps_scope AND EXISTS (FROM fact.assignment a WHERE a.run = r.key) AS sees_inventory,
       p.keeps_task AND list_contains(p.kinds, 'task_start') AND w.actions > 0 AS sees_plan
FROM fact.run r
JOIN fact.log_profile p ON p.name = r.profile
JOIN fact.workload w ON w.key = r.workload
WHERE r.completed IS NOT NULL
  AND (getvariable('runs') IS NULL OR list_contains(getvariable('runs'), r.key));

-- A measure computes each quantity once per bound: [proven, at most] on a log, one exact value on the truth.
CREATE VIEW truth.bounds AS SELECT 'exact' AS bound;
CREATE VIEW log.bounds AS SELECT unnest(['lo', 'hi']) AS bound;

-- What happened, without tool, arguments and intent: of a simulated call to look these up takes a join with all actions and
-- tasks, and few measures ask.
CREATE VIEW truth.bare_event AS
SELECT e.* EXCLUDE (operation, args), 0::BIGINT AS clock_error FROM fact.event e JOIN truth.run USING (run);

CREATE VIEW truth.event AS
SELECT e.* REPLACE (coalesce(e.operation, a.tool) AS operation, coalesce(e.args, a.args) AS args), t.intent, 0::BIGINT AS clock_error
FROM fact.event e
JOIN truth.run r USING (run)
LEFT JOIN fact.action a ON a.workload = r.workload AND a.id = e.action
LEFT JOIN fact.task t ON t.workload = r.workload AND t.id = e.task;

-- A use is in the log of the system that was used; everything else is told by the issuer, the decision point or the agents'
-- platform, whose logs are there and whose clocks are right. This is read more than anything else, so that each thing asked
-- of every event counts: what a profile keeps is joined once for each kind of event that it keeps, and the systems whose logs
-- are wrong or missing, by atom, are mostly none. Of log.run it takes the conditions only.
CREATE MACRO shown_events() AS TABLE
    SELECT e.run, e.id, e.time + to_microseconds(coalesce(f.skew, 0)) AS time,
           e.resolution, e.meaning, e.kind, e.principal, e.target,
           CASE WHEN p.keeps_credential THEN e.credential END AS credential,
           CASE WHEN p.keeps_credential THEN e.issued END AS issued,
           e.session,
           CASE WHEN p.keeps_task OR e.kind IN ('task_start', 'task_end', 'spawn') THEN e.task END AS task,
           CASE WHEN p.keeps_task OR e.kind IN ('task_start', 'task_end', 'spawn') THEN e.parent_task END AS parent_task,
           CASE WHEN p.keeps_action THEN e.action END AS action,
           e.operation,
           CASE WHEN p.keeps_touch THEN e.atom END AS atom,
           CASE WHEN p.keeps_touch THEN e.resource END AS resource,
           CASE WHEN p.keeps_approval THEN e.approval END AS approval,
           CASE WHEN p.keeps_action THEN e.requested + to_microseconds(coalesce(f.skew, 0)) END AS requested,
           CASE WHEN p.keeps_duration THEN e.duration END AS duration,
           CASE WHEN p.keeps_scope THEN e.scope_set END AS scope_set,
           CASE WHEN p.keeps_credential THEN e.credential_kind END AS credential_kind,
           CASE WHEN p.keeps_credential THEN e.resolved END AS resolved,
           CASE WHEN p.keeps_credential THEN e.binding END AS binding,
           CASE WHEN p.keeps_credential THEN e.enforced END AS enforced,
           CASE WHEN p.keeps_expiry THEN e.expires END AS expires,
           CASE WHEN p.keeps_credential THEN e.presented_kind END AS presented_kind,
           CASE WHEN p.keeps_credential THEN e.presented_from END AS presented_from,
           CASE WHEN p.keeps_expiry THEN e.presented_to END AS presented_to,
           e.verifier, e.args,
           CASE WHEN p.keeps_approval THEN e.asked END AS asked,
           e.decision, e.reason, e.policy, e.cached, e.error, e.origin, e.user_agent, e.request_id, e.invoked_by, e.source_file, e.ordinal,
           abs(coalesce(f.skew, 0)) AS clock_error,
           -- What looks the rest up.
           p.workload, p.keeps_tool, CASE WHEN p.keeps_task THEN e.task END AS told_task, e.action AS told_action
    FROM fact.event e
    JOIN (SELECT r.key AS run, r.workload, r.begins, unnest(p.kinds) AS kind, p.*
          FROM fact.run r JOIN fact.log_profile p ON p.name = r.profile
          WHERE r.completed IS NOT NULL
            AND (getvariable('runs') IS NULL OR list_contains(getvariable('runs'), r.key))) p ON p.run = e.run AND p.kind = e.kind
    LEFT JOIN (SELECT r.key AS run, k.atom, list_contains(p.absent, k.system) AS absent,
                      CASE WHEN list_contains(p.skewed, k.system) THEN p.skew ELSE 0 END AS skew
               FROM fact.run r
               JOIN fact.log_profile p ON p.name = r.profile
               JOIN fact.catalogue k ON k.workload = r.workload AND list_has_any([k.system], p.absent || p.skewed)) f
        ON f.run = e.run AND f.atom = e.atom AND e.kind = 'use'
    WHERE (p.keeps_history OR e.time >= p.begins) AND coalesce(e.draw, 65535) >= p.dropped AND f.absent IS NOT TRUE;

CREATE VIEW log.bare_event AS SELECT * EXCLUDE (operation, args, workload, keeps_tool, told_task, told_action) FROM shown_events();

CREATE VIEW log.event AS
SELECT e.* EXCLUDE (workload, keeps_tool, told_task, told_action) REPLACE (
           coalesce(e.operation, CASE WHEN e.keeps_tool THEN a.tool END) AS operation,
           CASE WHEN e.keeps_tool THEN coalesce(e.args, a.args) END AS args),
       t.intent
FROM shown_events() e
LEFT JOIN fact.action a ON a.workload = e.workload AND a.id = e.told_action
LEFT JOIN fact.task t ON t.workload = e.workload AND t.id = e.told_task;

CREATE VIEW truth.credential AS SELECT c.* FROM fact.credential c JOIN truth.run USING (run);
CREATE VIEW log.credential AS SELECT c.* EXCLUDE (profile) FROM ledger.credential c JOIN log.run USING (run, profile);

CREATE VIEW truth.acceptance AS SELECT a.* FROM fact.acceptance a JOIN truth.run USING (run);
CREATE VIEW log.acceptance AS SELECT a.* EXCLUDE (profile) FROM ledger.acceptance a JOIN log.run USING (run, profile);

CREATE VIEW truth.task AS
SELECT r.run, t.id, t.root, t.agent, t.parent, t.intent, t.arrival, o.started, o.ended, coalesce(o.outcome, 'open') AS outcome
FROM fact.task t
JOIN truth.run r USING (workload)
LEFT JOIN fact.task_outcome o ON o.run = r.run AND o.task = t.id;

-- What began, and of a work queue what did not.
CREATE VIEW log.task AS
WITH queue AS (
    SELECT r.run, t.id, t.agent, t.arrival
    FROM fact.task t JOIN log.run r USING (workload)
    WHERE r.sees_queue AND t.parent IS NULL
), begun AS (
    SELECT o.run, o.task AS id, o.agent, o.parent, o.started, o.ended, o.outcome, s.intent
    FROM ledger.task_outcome o
    JOIN log.run USING (run, profile)
    LEFT JOIN (SELECT run, task, any_value(intent) AS intent FROM log.event WHERE kind = 'task_start' GROUP BY run, task) s
        ON s.run = o.run AND s.task = o.task
)
SELECT run, id, NULL::BIGINT AS root, coalesce(b.agent, q.agent) AS agent, b.parent, b.intent, q.arrival, b.started, b.ended,
       coalesce(b.outcome, 'open') AS outcome
FROM begun b FULL JOIN queue q USING (run, id);

CREATE VIEW truth.action AS SELECT r.run, a.* EXCLUDE (workload) FROM fact.action a JOIN truth.run r USING (workload);

-- What a task declares when it begins: the atoms that its plan names, and the plans of its sub-tasks. Who stands above whom is
-- worked out first: a recursion keeps all that it finds in memory, and sub-tasks are fewer than actions.
CREATE MACRO plans() AS TABLE
    WITH RECURSIVE above AS (
        SELECT workload, id AS task, parent AS ancestor FROM fact.task WHERE parent IS NOT NULL
        UNION
        SELECT a.workload, a.task, t.parent
        FROM above a JOIN fact.task t ON t.workload = a.workload AND t.id = a.ancestor
        WHERE t.parent IS NOT NULL
    )
    SELECT workload, task, atom FROM fact.action WHERE reason = 'planned'
    UNION
    SELECT a.workload, u.ancestor, a.atom
    FROM fact.action a JOIN above u ON u.workload = a.workload AND u.task = a.task
    WHERE a.reason = 'planned';
CREATE VIEW truth.plan AS SELECT r.run, p.* EXCLUDE (workload) FROM plans() p JOIN truth.run r USING (workload);
CREATE VIEW log.plan AS SELECT r.run, p.* EXCLUDE (workload) FROM plans() p JOIN log.run r USING (workload) WHERE r.sees_plan;

CREATE VIEW truth.need AS SELECT n.* FROM fact.need n JOIN truth.run USING (run);

-- On a log need is use. Where it names tasks, what was done for none of them was needed by none (an attacker's, say); where
-- it names none, that may be so of any call.
-- The end is NULL where the log tells only when a call began, the request where it does not tie one to the call. Whether it was
-- a need (met) nobody knows of a call of unknown outcome; and one that does not say what it touched may have been one of any atom.
-- A call whose clock is wrong shows a need at no time for certain.
CREATE VIEW log.need AS
SELECT e.run, e.action, e.task, e.principal, e.atom, e.requested, e.time AS starts,
       e.time + to_microseconds(e.duration) AS ends, CASE e.decision WHEN 'allow' THEN true END AS met
FROM log.bare_event e JOIN log.run r USING (run)
WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.atom IS NOT NULL AND e.clock_error = 0
  AND (e.task IS NOT NULL OR NOT r.sees_tasks)
UNION ALL
SELECT e.run, e.action, e.task, e.principal, k.atom, e.requested, e.time, e.time + to_microseconds(e.duration), NULL
FROM log.bare_event e
JOIN (FROM log.run WHERE kind = 'ingested' AND sees_touch) r USING (run)
JOIN fact.catalogue k ON k.workload = r.workload
WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.atom IS NULL AND (e.task IS NOT NULL OR NOT r.sees_tasks);

CREATE VIEW truth.trust AS SELECT t.* FROM fact.trust t JOIN truth.run USING (run);
CREATE VIEW log.trust AS SELECT t.* FROM fact.trust t JOIN log.run r USING (run) WHERE r.sees_scope;

CREATE VIEW truth.scope_set_atom AS SELECT s.* FROM fact.scope_set_atom s JOIN truth.run USING (run);
CREATE VIEW log.scope_set_atom AS SELECT s.* FROM fact.scope_set_atom s JOIN log.run r USING (run) WHERE r.sees_scope;

CREATE VIEW truth.catalogue AS
SELECT r.run, c.* EXCLUDE (workload), w.sensitivity, w.privilege, w.weight
FROM fact.catalogue c JOIN truth.run r USING (workload) JOIN fact.weight w USING (workload, atom);
CREATE VIEW log.catalogue AS
SELECT r.run, c.* EXCLUDE (workload), w.sensitivity, w.privilege, w.weight
FROM fact.catalogue c JOIN log.run r USING (workload) JOIN fact.weight w USING (workload, atom);

CREATE VIEW truth.principal AS SELECT r.run, p.* EXCLUDE (workload) FROM fact.principal p JOIN truth.run r USING (workload);
-- Since when somebody is there, or is not any more, tells an entitlement snapshot; without one, who left before is not known.
CREATE VIEW log.principal AS
SELECT r.run, p.* EXCLUDE (workload) REPLACE (
           CASE WHEN r.sees_scope THEN p.active_from END AS active_from,
           CASE WHEN r.sees_scope THEN p.active_to END AS active_to)
FROM fact.principal p JOIN log.run r USING (workload)
WHERE r.sees_scope OR coalesce(p.active_to >= r.begins, true);

-- Who has a credential besides its holder. A log tells of a standing key that a person made for somebody else: he has seen it.
CREATE VIEW truth.possessor AS
SELECT p.run, p.credential, p.principal, p.valid_from, p.valid_to FROM fact.credential_party p JOIN truth.run USING (run) WHERE p.role = 'possessor';
CREATE VIEW log.possessor AS
SELECT c.run, c.id AS credential, c.issuer AS principal, c.from_hi AS valid_from, 'infinity'::TIMESTAMP AS valid_to
FROM log.credential c JOIN log.principal p ON p.run = c.run AND p.id = c.issuer AND p.kind = 'human'
WHERE c.kind IN ('static_key', 'access_key');

CREATE VIEW truth.ownership AS
SELECT r.run, o.* EXCLUDE (workload) FROM fact.ownership o JOIN truth.run r USING (workload)
UNION ALL BY NAME
SELECT o.*, 'owner' AS role, true AS acknowledged FROM fact.reowned o JOIN truth.run USING (run);
-- A snapshot holds what the inventory lists.
CREATE VIEW log.ownership AS
SELECT * FROM (
    SELECT r.run, o.* EXCLUDE (workload) FROM fact.ownership o JOIN log.run r USING (workload) WHERE r.sees_scope
    UNION ALL BY NAME
    SELECT o.*, 'owner' AS role, true AS acknowledged FROM fact.reowned o JOIN log.run r USING (run) WHERE r.sees_scope
) o
ANTI JOIN fact.shadow s ON s.run = o.run AND s.principal = o.owned;

CREATE VIEW truth.membership AS SELECT r.run, m.* EXCLUDE (workload) FROM fact.membership m JOIN truth.run r USING (workload);
CREATE VIEW log.membership AS
SELECT r.run, m.* EXCLUDE (workload) FROM fact.membership m JOIN log.run r USING (workload) WHERE r.sees_scope;

CREATE VIEW truth.assignment AS SELECT a.* FROM fact.assignment a JOIN truth.run USING (run);
CREATE VIEW log.assignment AS
SELECT a.* FROM fact.assignment a JOIN log.run r USING (run)
ANTI JOIN fact.shadow s ON s.run = a.run AND s.principal = a.principal
WHERE r.sees_scope;

CREATE VIEW truth.resource AS SELECT r.run, x.* EXCLUDE (workload) FROM fact.resource x JOIN truth.run r USING (workload);
CREATE VIEW log.resource AS SELECT r.run, x.* EXCLUDE (workload) FROM fact.resource x JOIN log.run r USING (workload);

-- What was answered, and on the truth what is being looked at when the run ends. From when to when it may have been asked for (`requested_hi`:
-- NULL of what nobody waited for any more), and whether with it nothing that was asked by then waits on (`settles`).
CREATE VIEW truth.approval AS SELECT d.*, d.requested AS requested_hi, true AS settles FROM fact.approval d JOIN truth.run USING (run);
-- An answer is to a request about its action that was made before it and has no answer yet, whichever that is of several; where
-- there is none, to one of those before. A request that does not say about which action it is may be any of them (`vague`).
-- Inspection began as long before the answer as the log says, unless that is before any of these: then one of them is wrong, and when
-- it began is not known.
CREATE VIEW log.approval AS
WITH told AS (
    SELECT *, kind = 'request_approval' AS asks, CASE WHEN kind = 'request_approval' AND action IS NULL THEN time END AS vague
    FROM log.event WHERE kind IN ('request_approval', 'decide_approval')
), tallied AS (
    SELECT *, sum(CASE WHEN asks THEN 1 ELSE -1 END) OVER along AS tally, min(vague) OVER upto AS vague_lo, max(vague) OVER upto AS vague_hi
    FROM told WINDOW along AS (PARTITION BY run, action ORDER BY time, id), upto AS (PARTITION BY run ORDER BY time, id)
), waiting AS (
    -- How many wait after each: an answer while none does takes none away.
    SELECT *, tally - least(0, min(tally) OVER (PARTITION BY run, action ORDER BY time, id)) AS waits FROM tallied
), spanned AS (
    SELECT *, max(CASE WHEN asks AND waits = 1 AND action IS NOT NULL THEN time END) OVER along AS first_asked,
           max(CASE WHEN asks AND action IS NOT NULL THEN time END) OVER along AS last_asked, lag(waits) OVER along > 0 AS awaited
    FROM waiting WINDOW along AS (PARTITION BY run, action ORDER BY time, id)
), answered AS (
    SELECT *, CASE WHEN first_asked IS NOT NULL THEN least(first_asked, vague_lo) END AS asked_lo,
           CASE WHEN awaited THEN greatest(last_asked, vague_hi) END AS asked_hi
    FROM spanned WHERE NOT asks
)
SELECT run, coalesce(approval, id) AS id, principal AS decider, CASE reason WHEN 'timeout' THEN 'timeout' ELSE 'human' END AS kind, action,
       asked_lo AS requested, CASE WHEN coalesce(time - to_microseconds(duration) >= asked_lo, true) THEN time - to_microseconds(duration) END AS began,
       time AS decided, decision AS result, NULL::BOOLEAN AS inspected, args, NULL::VARCHAR AS summary_author, asked,
       asked_hi AS requested_hi, waits = 0 AND vague_lo IS NULL AS settles
FROM answered;

CREATE VIEW truth.approval_cover AS SELECT c.* FROM fact.approval_cover c JOIN truth.run USING (run);
CREATE VIEW log.approval_cover AS
SELECT e.run, e.approval, e.action FROM log.bare_event e
WHERE e.approval IS NOT NULL AND e.kind IN ('use', 'decide_approval') AND e.action IS NOT NULL
GROUP BY ALL;

-- Which policy was in force since when is on file, whatever a log keeps of the decisions.
CREATE VIEW truth.policy AS SELECT p.* FROM fact.policy p JOIN truth.run USING (run);
CREATE VIEW log.policy AS SELECT p.* FROM fact.policy p JOIN log.run USING (run);

-- What a product gives is published, whatever a log keeps.
CREATE VIEW truth.platform AS SELECT p.* FROM fact.platform p JOIN truth.run USING (run);
CREATE VIEW log.platform AS SELECT p.* FROM fact.platform p JOIN log.run USING (run);

CREATE VIEW truth.credential_edge AS SELECT e.* FROM fact.credential_edge e JOIN truth.run USING (run);
-- A log tells what a credential was cut from where somebody became somebody else with it, and some with each use; not whether
-- it ends with that.
CREATE VIEW log.credential_edge AS
SELECT run, issued AS child, credential AS parent, 'chained' AS kind, NULL::cascade_rule AS cascade
FROM log.bare_event WHERE kind = 'assume' AND credential IS NOT NULL AND issued IS NOT NULL AND issued <> credential
UNION
SELECT e.run, e.child, e.parent, e.kind, e.cascade
FROM fact.credential_edge e JOIN log.run r ON r.run = e.run AND r.kind = 'ingested' AND r.sees_credentials;
CREATE VIEW truth.incident AS SELECT i.* FROM fact.incident i JOIN truth.run USING (run);
CREATE VIEW truth.incident_step AS SELECT s.* FROM fact.incident_step s JOIN truth.run USING (run);
CREATE VIEW truth.shadow AS SELECT s.* FROM fact.shadow s JOIN truth.run USING (run);
-- On a log a shadow is an agent that does something, or is given something, but that the snapshot does not list.
CREATE VIEW log.shadow AS
WITH unlisted AS (
    SELECT p.run, p.id AS principal
    FROM log.principal p
    SEMI JOIN (FROM log.run WHERE sees_inventory) r ON r.run = p.run
    ANTI JOIN log.assignment a ON a.run = p.run AND a.principal = p.id
    WHERE p.kind = 'agent'
)
SELECT e.run, e.principal FROM log.bare_event e SEMI JOIN unlisted USING (run, principal)
UNION
SELECT e.run, e.target FROM log.bare_event e SEMI JOIN unlisted u ON u.run = e.run AND u.principal = e.target;
-- When whoever is entered for an agent, or on call for all, could be reached. A log's snapshot tells who is entered, which is
-- at most right; of what it does not list anything may be, and nobody knows who is on call.
CREATE VIEW truth.reach AS
SELECT h.run, h.principal, h.asked, 'exact' AS bound, h.valid_from AS starts, h.valid_to AS ends FROM fact.reach h JOIN truth.run USING (run);
CREATE VIEW log.reach AS
SELECT o.run, o.owned AS principal, CASE o.role WHEN 'owner' THEN 'owner' ELSE 'second' END::asked_through AS asked, 'hi' AS bound,
       greatest(coalesce(o.valid_from, '-infinity'::TIMESTAMP), coalesce(m.valid_from, '-infinity'::TIMESTAMP)) AS starts,
       least(coalesce(o.valid_to, 'infinity'::TIMESTAMP), coalesce(m.valid_to, 'infinity'::TIMESTAMP)) AS ends
FROM log.ownership o LEFT JOIN log.membership m ON m.run = o.run AND m.container = o.owner
UNION ALL
SELECT run, principal, 'owner', 'hi', '-infinity'::TIMESTAMP, 'infinity'::TIMESTAMP FROM log.shadow
UNION ALL
SELECT run, NULL, 'on_call', 'hi', '-infinity'::TIMESTAMP, 'infinity'::TIMESTAMP FROM log.run;
CREATE VIEW truth.true_actor AS SELECT a.* FROM fact.true_actor a JOIN truth.run USING (run);
CREATE VIEW truth.leak AS SELECT l.* FROM fact.leak l JOIN truth.run USING (run);
CREATE VIEW truth.demand AS SELECT d.* FROM fact.demand d JOIN truth.run USING (run);
