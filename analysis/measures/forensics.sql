-- title: Forensics
-- question: Of what agents changed, how much can be told afterwards: who did it, on whose behalf, for what task, with which tool, to what, under which approval and policy, with what outcome, in which order?
-- unit: bits | ambiguity_bits; changes | changes; percent of attempts | outcome; percent of tasks | intents; percent of changes | *
-- grain: run, stat
-- evidence: log, truth
-- unfinished: changes in the window count, whether or not their task has ended
-- assumes: a change is an allowed use of a write or permissions atom, and changes is how many there are, of which all else is a share (approval, policy and delegation of those alone to which they apply)
-- assumes: one of which nobody knows whether it was let in, or what it touched, may be one or not, and an answer or decision of unknown outcome may be a yes or not, so that a share lies between what is told of all others with those of these that lower it, and with those that raise it
-- assumes: of ambiguity_bits any one of these may be all there is. told is what one value says that is there and discriminates: a field that is the same in every use, though there are several to tell apart, or that only repeats another field, tells nothing
-- assumes: one that differs in a single use counts in full, in every change that has it: of how much it tells see intents, and outlive ablate, which sets it beside the truth
-- assumes: whether a field discriminates may hang on calls of which nobody knows whether they were let in, reads too: what they may add or take away is in the interval, each condition by itself
-- assumes: text that differs and means nothing looks like text that means something: only beside the truth is it told apart (intent_bits of ablate). who: a principal that is one alone, no role, group, shared account or team, by the credential that it presented
-- assumes: claimed: a principal that presented nothing, so that it is only its word
-- assumes: credential: which one was presented
-- assumes: behalf: who, and somebody answers for it then
-- assumes: delegation: of changes by sub-agents, or with what came from another credential, those of which all is told that stands above: tasks up to a root, credentials up to one of which the holder is known, and credentials alone where no tasks are named
-- assumes: task: the one that it was made for
-- assumes: intent: declared, and not the tool's name
-- assumes: intents: how many different ones the tasks have that began in the window
-- assumes: tool: and its arguments
-- assumes: touch: resource and atom, which says how sensitive it is, for no source tells the class of what it touched
-- assumes: approval: who said yes, of those that a yes was asked for or rests on
-- assumes: policy: of changes that were decided on one by one at run time, and not because nobody could be asked, those of which each decision names a policy that is on file
-- assumes: outcome: of attempts, which are refused changes too, those of which it is told whether they were let in, and of a refusal why
-- assumes: time_order: no other call by the same principal, or by nobody known, in the window, refused or not, may have been at that instant or the other way round, as far as the clock tells instants apart and may be wrong, for no source is known by a sequence of its own. identifiable: one agent and one task are consistent with what is shown
-- assumes: ambiguity_bits: the mean logarithm of how many are
-- assumes: a use without task is outside any where uses name theirs, and else of any task of its agent that is open then: that it may be of no task is not counted. Which resource an attacker touched, with what and with which arguments is not simulated: his changes lack tool and touch. on the truth nothing else is hidden
-- assumes: a log that does not keep calls of every kind is asked of those that it keeps, so that there may be more changes
-- assumes: a log tells that much at least: how much an inventory that it does not show would add is open, and so is how many changes were delegated without its telling so
-- assumes: in a replay of a real log nobody knows on whose behalf anything was done, or with what intent
-- source: field vector and identifiability of forensic attribution; a constant field adds no information (Shannon 1948)
-- Calls are too many to keep: to read them again takes less.
WITH RECURSIVE call AS NOT MATERIALIZED (
    SELECT e.run, e.id, e.time, e.principal, e.task, e.action, e.intent, e.operation, e.args, e.atom, e.resource, e.approval, e.credential, e.session,
           e.decision IS NULL AS doubtful
    FROM event e JOIN run r USING (run)
    WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.time >= r.t0 AND e.time < r.t1
), change AS NOT MATERIALIZED (
    SELECT c.* REPLACE (c.doubtful OR c.atom IS NULL AS doubtful),
           coalesce(p.kind NOT IN ('role', 'group', 'shared_account', 'team'), false) AS single, c.credential IS NOT NULL AS shown
    FROM call c
    LEFT JOIN catalogue k ON k.run = c.run AND k.atom = c.atom
    LEFT JOIN principal p ON p.run = c.run AND p.id = c.principal
    WHERE k.level IN ('write', 'permissions') OR c.atom IS NULL
), agents AS (
    SELECT run, count(*) AS number FROM principal WHERE kind = 'agent' GROUP BY run
), among AS (
    -- What is there to tell apart among the calls that were let in for certain, and (`most`) with all others that may have been.
    SELECT c.run, b.most, count(*) AS calls, several(c.principal) AS principals, several(c.credential) AS keys, several(c.task) AS tasks,
           several(c.intent) AS intents, several(c.operation) AS operations, several(c.args) AS arguments, several(c.atom) AS atoms,
           several(c.resource) AS resources,
           coalesce(bool_or(c.task = c.credential), false) AS repeats_key, coalesce(bool_or(c.task <> c.credential), false) AS differs_from_key,
           coalesce(bool_or(c.task = c.session), false) AS repeats_login, coalesce(bool_or(c.task <> c.session), false) AS differs_from_login
    FROM call c JOIN (SELECT unnest([false, true]) AS most) b ON b.most OR NOT c.doubtful
    GROUP BY c.run, b.most
), telling AS (
    -- Whether a field tells anything, surely and possibly: more calls make more values, and leave it less the only one or a copy.
    -- So it tells surely what it tells of those for certain (`o`) beside all that may have been (`x`), and possibly the other way round.
    SELECT run, stat, max(calls) - min(calls) AS doubts, bool_or(tells) FILTER (NOT most) AS surely, bool_or(tells) FILTER (most) AS possibly
    FROM (SELECT o.run, o.most, o.calls, unnest(['who', 'claimed', 'behalf', 'credential', 'task', 'intent', 'tool', 'touch']) AS stat,
                 unnest([o.principals OR alone, o.principals OR alone, o.principals OR alone, o.keys OR alone,
                         (o.tasks OR x.calls = 1) AND NOT (x.repeats_key AND NOT o.differs_from_key) AND NOT (x.repeats_login AND NOT o.differs_from_login),
                         o.intents OR NOT x.tasks,
                         (o.operations OR NOT x.atoms) AND (o.arguments OR x.calls = 1), o.resources OR x.calls = 1]) AS tells
          FROM among o
          JOIN among x ON x.run = o.run AND x.most <> o.most
          JOIN (SELECT r.run, coalesce(a.number = 1, false) AS alone FROM run r LEFT JOIN agents a USING (run)) l ON l.run = o.run)
    GROUP BY run, stat
), asked AS (
    SELECT DISTINCT run, action FROM bare_event WHERE kind = 'request_approval' AND action IS NOT NULL
), agreed AS (
    -- Whether somebody who is told said yes; NULL where nobody knows.
    SELECT run, approval, bool_or(decision = 'allow') AS surely FROM bare_event
    WHERE kind = 'decide_approval' AND decision IS DISTINCT FROM 'deny' AND principal IS NOT NULL AND approval IS NOT NULL
    GROUP BY run, approval
), decided AS (
    -- Actions that were let through at run time, not because nobody could be asked; whether by policies that are on file, or what of both
    -- that may be (`open`) where that hangs on decisions of unknown outcome.
    SELECT d.run, d.action, bool_and(p.id IS NOT NULL) FILTER (d.decision = 'allow') AS surely, bool_and(p.id IS NOT NULL) AS whole,
           CASE WHEN surely = whole OR NOT surely THEN [] WHEN surely THEN [true, false] ELSE list(DISTINCT p.id IS NOT NULL) END AS open,
           CASE WHEN open = [] THEN surely END AS named
    FROM bare_event d LEFT JOIN policy p ON p.run = d.run AND p.id = d.policy
    WHERE d.kind = 'decide' AND d.decision IS DISTINCT FROM 'deny' AND d.action IS NOT NULL AND d.reason IS DISTINCT FROM 'outage'
    GROUP BY d.run, d.action
), rooted AS (
    -- Tasks of which all that stand above are told.
    SELECT run, id AS task FROM task WHERE parent IS NULL
    UNION
    SELECT t.run, t.id FROM rooted a JOIN task t ON t.run = a.run AND t.parent = a.task
), handed AS (
    SELECT run, child, parent FROM credential_edge WHERE kind IN ('chained', 'subject', 'actor', 'lease')
), traced AS (
    -- Credentials that came from others, by a way up that is told, to one that somebody is known to hold.
    SELECT h.run, h.parent AS credential
    FROM handed h JOIN credential c ON c.run = h.run AND c.id = h.parent
    WHERE c.holder IS NOT NULL AND NOT EXISTS (FROM handed a WHERE a.run = h.run AND a.child = h.parent)
    UNION
    SELECT h.run, h.child FROM traced a JOIN handed h ON h.run = a.run AND h.parent = a.credential
), open AS (
    -- Tasks of whoever acts that are open then.
    SELECT c.run, c.id, count(*) AS tasks
    FROM change c JOIN task t ON t.run = c.run AND t.agent = c.principal AND t.started <= c.time AND coalesce(t.ended >= c.time, true)
    WHERE c.task IS NULL
    GROUP BY c.run, c.id
), answering AS (
    -- When somebody answers, without overlaps, so that a call falls into one such time at most.
    SELECT run, principal, ends,
           greatest(starts, max(ends) OVER (PARTITION BY run, principal ORDER BY starts, ends
                                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS starts
    FROM answered WHERE role = 'owner' AND starts < ends
), known AS (
    SELECT c.run, c.doubtful, c.single AND c.shown AS who, c.single AND NOT c.shown AS claimed, c.shown AS credential,
           c.single AND c.shown AND w.run IS NOT NULL AS behalf,
           c.task IS NOT NULL AS task,
           c.intent IS NOT NULL AND c.intent IS DISTINCT FROM c.operation AS intent,
           c.operation IS NOT NULL AND c.args IS NOT NULL AS tool,
           c.atom IS NOT NULL AND c.resource IS NOT NULL AS touch,
           CASE WHEN c.approval IS NOT NULL OR q.action IS NOT NULL THEN CASE WHEN g.run IS NULL THEN false ELSE g.surely END END AS approval,
           d.named AS policy, g.run IS NOT NULL AND g.surely IS NULL AS approval_open, d.open AS policy_open,
           -- Of a sub-agent or by what came from another credential; NULL where nobody knows whether it was.
           CASE WHEN t.parent IS NOT NULL OR h.run IS NOT NULL THEN true
                WHEN (c.task IS NULL OR t.id IS NOT NULL) AND (NOT c.shown OR k.issuer IS NOT NULL OR is_standing_key(k.kind)) THEN false
                END AS handed_down,
           (t.parent IS NULL OR u.run IS NOT NULL) AND (h.run IS NULL OR v.run IS NOT NULL) AS chain,
           CASE WHEN c.single THEN 1 ELSE a.number END
           * CASE WHEN c.task IS NOT NULL OR r.sees_tasks THEN 1 ELSE o.tasks END AS explanations
    FROM change c
    JOIN run r USING (run)
    LEFT JOIN agents a USING (run)
    LEFT JOIN asked q ON q.run = c.run AND q.action = c.action
    LEFT JOIN agreed g ON g.run = c.run AND g.approval = c.approval
    LEFT JOIN decided d ON d.run = c.run AND d.action = c.action
    LEFT JOIN task t ON t.run = c.run AND t.id = c.task
    LEFT JOIN rooted u ON u.run = c.run AND u.task = c.task
    LEFT JOIN credential k ON k.run = c.run AND k.id = c.credential
    LEFT JOIN (SELECT DISTINCT run, child FROM handed) h ON h.run = c.run AND h.child = c.credential
    LEFT JOIN traced v ON v.run = c.run AND v.credential = c.credential
    LEFT JOIN open o ON o.run = c.run AND o.id = c.id
    LEFT JOIN answering w ON w.run = c.run AND w.principal = c.principal AND w.starts <= c.time AND w.ends > c.time
), told AS (
    -- On a log, what may have been handed down, and of which no chain is told, is a chain that is not.
    SELECT k.* EXCLUDE (handed_down, chain), k.handed_down IS NULL AND NOT on_truth() AS unclear,
           CASE WHEN k.handed_down THEN k.chain WHEN k.handed_down IS NULL AND NOT on_truth() THEN false END AS delegation
    FROM known k
), bits AS (
    SELECT run, count(*) FILTER (NOT doubtful) AS sure, count(*) FILTER (doubtful) AS doubts, count(*) FILTER (unclear AND NOT doubtful) AS unclear,
           count(*) FILTER (approval_open AND NOT doubtful) AS approvals_open, count(*) FILTER (len(policy_open) > 0 AND NOT doubtful) AS policies_open,
           bool_and(explanations IS NOT NULL) AS explained,
           least(avg(log2(explanations)) FILTER (NOT doubtful), min(log2(explanations)) FILTER (doubtful)) AS least,
           greatest(avg(log2(explanations)) FILTER (NOT doubtful), max(log2(explanations)) FILTER (doubtful)) AS most
    FROM told GROUP BY run
), timed AS NOT MATERIALIZED (
    -- Every call that was tried, and between which instants.
    SELECT e.run, e.id, e.principal, e.atom, e.decision, e.decision = 'allow' OR e.reason IS NOT NULL OR e.error IS NOT NULL AS reasoned,
           epoch_us(e.time) - e.clock_error AS earliest, epoch_us(e.time) + e.clock_error + e.resolution - 1 AS latest
    FROM bare_event e JOIN run r USING (run)
    WHERE e.kind = 'use' AND e.time >= r.t0 AND e.time < r.t1
), strangers AS (
    -- Calls by nobody known, and until when any that began by then may have been.
    SELECT run, earliest, max(latest) OVER (PARTITION BY run ORDER BY earliest) AS until FROM timed WHERE principal IS NULL
), placed AS (
    -- Whether none of the same principal, or by whoever may be the same, may have been at once, or the other way round.
    SELECT run, atom, decision, decision IS NOT NULL AND reasoned AS outcome,
           principal IS NOT NULL AND coalesce(max(latest) OVER before < earliest, true) AND coalesce(lead(earliest) OVER each > latest, true)
           AND coalesce(until < earliest, true) AS ordered
    FROM (SELECT t.*, s.until FROM timed t ASOF LEFT JOIN strangers s ON s.run = t.run AND s.earliest <= t.latest)
    WINDOW each AS (PARTITION BY run, principal ORDER BY earliest, id),
           before AS (PARTITION BY run, principal ORDER BY earliest, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), tried AS (
    SELECT p.run, count(*) FILTER (p.atom IS NULL) AS vague, count(*) FILTER (p.atom IS NOT NULL) AS attempts,
           count(*) FILTER (p.atom IS NOT NULL AND p.decision = 'allow') AS sure,
           100 * avg(outcome::INTEGER) FILTER (p.atom IS NOT NULL OR NOT outcome) AS outcome_least,
           100 * avg(outcome::INTEGER) FILTER (p.atom IS NOT NULL OR outcome) AS outcome_most,
           100 * avg(ordered::INTEGER) FILTER (allowed AND (known OR NOT ordered)) AS ordered_least,
           100 * avg(ordered::INTEGER) FILTER (allowed AND (known OR ordered)) AS ordered_most
    FROM (SELECT *, decision IS DISTINCT FROM 'deny' AS allowed, atom IS NOT NULL AND decision IS NOT NULL AS known FROM placed) p
    LEFT JOIN catalogue k ON k.run = p.run AND k.atom = p.atom
    WHERE k.level IN ('write', 'permissions') OR p.atom IS NULL
    GROUP BY p.run
), shares AS (
    -- With all doubtful ones of which it is not there, and with all of which it is.
    SELECT run, stat, 100 * avg(told::INTEGER) FILTER (NOT doubtful OR NOT told) AS least, 100 * avg(told::INTEGER) FILTER (NOT doubtful OR told) AS most,
           count(told) FILTER (applies) AS sure
    FROM (SELECT run, doubtful, NOT doubtful AS applies, stat, told
          FROM (UNPIVOT (SELECT * EXCLUDE (explanations, unclear, approval_open, policy_open), explanations = 1 AS identifiable FROM told)
                ON who, claimed, credential, behalf, delegation, task, intent, tool, touch, approval, policy, identifiable INTO NAME stat VALUE told)
          UNION ALL
          -- What may be so or not is in doubt both ways.
          SELECT run, true, NOT doubtful, 'approval', unnest([true, false]) FROM told WHERE approval_open
          UNION ALL
          SELECT run, true, false, 'policy', unnest(policy_open) FROM told)
    GROUP BY run, stat
    HAVING stat <> 'identifiable' OR run IN (SELECT run FROM bits WHERE explained)
    UNION ALL
    SELECT run, 'time_order', ordered_least, ordered_most, sure FROM tried
    UNION ALL
    SELECT run, 'outcome', outcome_least, outcome_most, attempts FROM tried
    UNION ALL
    SELECT t.run, 'intents', 100.0 * count(DISTINCT t.intent) / count(*), 100.0 * count(DISTINCT t.intent) / count(*), count(*)
    FROM task t JOIN run r USING (run)
    WHERE t.started >= r.t0 AND t.started < r.t1
    GROUP BY t.run
    UNION ALL
    SELECT run, 'ambiguity_bits', least, most, sure FROM bits WHERE explained
    UNION ALL
    SELECT run, 'changes', sure, sure + doubts, sure FROM bits
), valued AS (
    SELECT r.run, g.stat,
           CASE WHEN t.surely <> t.possibly THEN t.doubts
                ELSE coalesce(CASE g.stat WHEN 'intents' THEN 0 WHEN 'outcome' THEN x.vague WHEN 'delegation' THEN d.doubts + d.unclear
                                             WHEN 'approval' THEN d.doubts + d.approvals_open WHEN 'policy' THEN d.doubts + d.policies_open ELSE d.doubts END, 0)
                END AS doubts,
           -- Of none that is sure nothing is known; and there are none where no call is one.
           CASE WHEN g.stat = 'changes' THEN coalesce(s.least, 0) WHEN s.sure > 0 THEN CASE WHEN t.surely IS FALSE THEN 0 ELSE s.least END END AS least,
           CASE WHEN g.stat = 'changes' THEN coalesce(s.most, 0) WHEN s.sure > 0 THEN CASE WHEN t.possibly IS FALSE THEN 0 ELSE s.most END END AS most,
           -- Which calls were changes tells only a log that loses none of those that it keeps, and says what they touched.
           r.sees_all_kept AND (r.sees_touch OR g.stat = 'intents')
           AND CASE WHEN g.stat IN ('who', 'claimed', 'credential', 'delegation') THEN r.sees_credentials
                    WHEN g.stat = 'behalf' THEN r.sees_scope AND NOT is_rebuilt(r.scenario)
                    WHEN g.stat = 'task' THEN r.sees_tasks
                    WHEN g.stat IN ('intent', 'intents') THEN r.sees_tasks AND NOT is_rebuilt(r.scenario)
                    WHEN g.stat = 'tool' THEN r.sees_tool
                    WHEN g.stat = 'approval' THEN r.sees_cover AND r.sees_approvals
                    WHEN g.stat = 'policy' THEN r.sees_decisions AND r.sees_actions
                    WHEN g.stat IN ('identifiable', 'ambiguity_bits') THEN r.sees_tasks OR s.least IS NOT NULL
                    ELSE true END AS seen,
           CASE WHEN g.stat IN ('behalf', 'delegation') THEN on_truth() WHEN g.stat IN ('identifiable', 'ambiguity_bits') THEN r.sees_tasks
                WHEN g.stat = 'changes' THEN r.sees_every_event ELSE true END AS exact
    FROM run r
    CROSS JOIN (SELECT unnest(['changes', 'who', 'claimed', 'credential', 'behalf', 'delegation', 'task', 'intent', 'intents', 'tool', 'touch', 'approval',
                               'policy', 'outcome', 'time_order', 'identifiable', 'ambiguity_bits']) AS stat) g
    LEFT JOIN shares s ON s.run = r.run AND s.stat = g.stat
    LEFT JOIN bits d ON d.run = r.run
    LEFT JOIN telling t ON t.run = r.run AND t.stat = g.stat
    LEFT JOIN tried x ON x.run = r.run
)
SELECT run, stat, CASE WHEN seen THEN CASE WHEN exact OR stat <> 'ambiguity_bits' THEN least ELSE 0 END END AS lo,
       CASE WHEN seen AND most IS NOT NULL THEN CASE WHEN exact OR stat = 'ambiguity_bits' THEN most WHEN stat = 'identifiable' THEN 100 END END AS hi,
       CASE WHEN seen THEN doubts + (stat = 'changes' AND NOT exact)::INTEGER ELSE 1 END AS unknowns
FROM valued ORDER BY run, stat
