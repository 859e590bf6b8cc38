-- What may be used: which credential opens what, from when until when, who holds it, and what could be had for the asking.

-- Credentials of which nobody knows who holds them.
CREATE TEMP VIEW unheld AS SELECT run, count(*) AS credentials FROM credential WHERE holder IS NULL AND NOT on_truth() GROUP BY run;

-- Of these, those that an abandoned agent may hold, for all one knows.
CREATE TEMP VIEW perhaps_abandoned AS FROM unheld SEMI JOIN gone USING (run);

-- Since when and until when the assignments of a principal say an atom, without overlaps: what verifiers ask where
-- authority is looked up at use. Where one of the times is not known, at most always and at least never; and so where that is
-- left to a condition that nobody evaluated.
CREATE TEMP VIEW assigned AS
WITH asked AS (
    SELECT a.run, a.principal,
           CASE WHEN bool_and(a.valid_from IS NOT NULL AND a.valid_to IS NOT NULL AND q.run IS NULL) THEN 'exact' ELSE 'vague' END AS known
    FROM assignment a SEMI JOIN (FROM credential WHERE resolved IN ('looked_up', 'both')) c ON c.run = a.run AND c.holder = a.principal
    LEFT JOIN (SELECT DISTINCT run, scope_set FROM scope_set_atom WHERE conditional) q ON q.run = a.run AND q.scope_set = a.scope_set
    GROUP BY a.run, a.principal
), said AS (
    SELECT a.run, a.principal, s.atom, b.bound,
           CASE WHEN b.bound = 'lo' THEN a.valid_from ELSE coalesce(a.valid_from, '-infinity'::TIMESTAMP) END AS starts,
           CASE WHEN b.bound = 'lo' THEN a.valid_to ELSE coalesce(a.valid_to, 'infinity'::TIMESTAMP) END AS ends,
           b.bound <> 'exact' OR (a.valid_from IS NOT NULL AND a.valid_to IS NOT NULL AND NOT s.conditional) AS certain
    FROM assignment a
    JOIN asked USING (run, principal)
    JOIN scope_set_atom s ON s.run = a.run AND s.scope_set = a.scope_set AND s.effect = 'allow'
    JOIN worked_out_in b USING (known)
    WHERE b.bound <> 'lo' OR NOT s.conditional
), marked AS (
    -- Two of the same times are one: which of them came first would be left to chance, and otherwise in each window.
    SELECT *, max(ends) OVER before AS covered
    FROM (SELECT run, principal, atom, bound, starts, ends, bool_and(certain) AS certain FROM said WHERE starts < ends GROUP BY ALL)
    WINDOW before AS (PARTITION BY run, principal, atom, bound ORDER BY starts, ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), numbered AS (
    SELECT *, count(*) FILTER (covered IS NULL OR starts > covered)
              OVER (PARTITION BY run, principal, atom, bound ORDER BY starts, ends ROWS UNBOUNDED PRECEDING) AS stretch
    FROM marked
)
SELECT run, principal, atom, bound, min(starts) AS starts, max(ends) AS ends, bool_and(certain) AS certain
FROM numbered GROUP BY run, principal, atom, bound, stretch;

-- Credentials, and how it is known what each opens: from what was baked in, from the assignments of its holder, or not at all.
-- Assignments that nobody has seen leave open what of the scope set they say, and so do those under a condition (`vague`); of
-- what is baked in they say nothing.
CREATE TEMP VIEW resolution AS
SELECT c.*, c.resolved IN ('looked_up', 'both') AS asks, g.run IS NOT NULL AS snapshot, asks AND coalesce(g.vague, false) AS vague,
       c.scope_set IS NOT NULL OR (c.resolved = 'looked_up' AND g.run IS NOT NULL) AS scope_known
FROM credential c
LEFT JOIN (SELECT a.run, a.principal, bool_or(q.run IS NOT NULL) AS vague
           FROM assignment a
           LEFT JOIN (SELECT DISTINCT run, scope_set FROM scope_set_atom WHERE conditional) q ON q.run = a.run AND q.scope_set = a.scope_set
           GROUP BY a.run, a.principal) g ON g.run = c.run AND g.principal = c.holder;

-- What a credential may open whose scope is not known: everything. Where a log shows neither scopes nor every credential, no
-- measure tells what may be held at most, only until when, which is for each verifier to say: one atom of each stands for all.
CREATE TEMP VIEW everything AS
SELECT k.run, k.atom FROM catalogue k JOIN run r USING (run) WHERE r.sees_scope OR r.sees_every_credential
UNION ALL
SELECT k.run, min(k.atom) FROM catalogue k JOIN run r USING (run) WHERE NOT (r.sees_scope OR r.sees_every_credential) GROUP BY k.run, k.verifier;

-- The atoms a credential may hold, and whether it certainly does. What its scope set leaves to a condition that nobody
-- evaluated is held at most; where the scope is not known, everything is. Where verifiers ask assignments, only while these
-- say so (`given_from`, `given_to`). What it was seen to do, and let do, it held at least from the first such use to the last: authority
-- that is looked up at use may have come and gone; what is baked in was there all along. So it is too beside assignments that do not
-- prove it: others may give besides, a bucket's own policy for instance. What it certainly holds is 'exact': that counts for each
-- bound.
CREATE TEMP VIEW covered AS
WITH scoped AS (
    -- A deny wins.
    SELECT run, scope_set, atom, bool_or(effect = 'allow') AS allowed,
           bool_or(effect = 'deny' AND NOT conditional) AS denied,
           bool_or(effect = 'allow' AND NOT conditional) AND NOT bool_or(effect = 'deny') AS certain
    FROM scope_set_atom GROUP BY run, scope_set, atom
), seen AS (
    SELECT e.run, e.credential, e.atom, min(e.time + to_microseconds(e.clock_error)) FILTER (e.decision = 'allow') AS since,
           max(e.time - to_microseconds(e.clock_error)) FILTER (e.decision = 'allow') AS until,
           min(e.time + to_microseconds(e.clock_error)) AS perhaps_since, max(e.time - to_microseconds(e.clock_error)) AS perhaps_until
    FROM bare_event e
    SEMI JOIN (FROM resolution WHERE NOT scope_known OR (asks AND NOT snapshot) OR vague) q ON q.run = e.run AND q.id = e.credential
    WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.atom IS NOT NULL
    GROUP BY e.run, e.credential, e.atom
), unsaid AS (
    -- What it was seen to do, or perhaps let do, where its scope set or assignments do not say so then: it may be always.
    SELECT e.run, e.credential, e.atom
    FROM seen e
    JOIN resolution c ON c.run = e.run AND c.id = e.credential
    LEFT JOIN scoped s ON s.run = c.run AND s.scope_set = c.scope_set AND s.atom = e.atom
    WHERE NOT coalesce(s.allowed AND NOT s.denied, c.scope_set IS NULL)
       OR (c.asks AND c.snapshot
           AND NOT EXISTS (FROM assigned g WHERE g.run = e.run AND g.principal = c.holder AND g.atom = e.atom AND g.bound <> 'lo'
                           AND g.starts <= e.perhaps_since AND g.ends >= e.perhaps_until))
), most AS (
    FROM bounds WHERE bound <> 'lo'
)
SELECT * REPLACE (coalesce(given_from, '-infinity'::TIMESTAMP) AS given_from, coalesce(given_to, 'infinity'::TIMESTAMP) AS given_to)
FROM (
    SELECT c.*, s.atom, CASE WHEN s.certain AND NOT c.asks THEN 'exact' ELSE m.bound END AS bound, s.certain AND NOT c.asks AS certain
    FROM resolution c
    JOIN scoped s USING (run, scope_set)
    CROSS JOIN most m
    WHERE s.allowed AND NOT s.denied AND NOT (c.asks AND c.snapshot)
    UNION ALL BY NAME
    SELECT c.*, g.atom, CASE WHEN g.bound = 'exact' AND NOT sure THEN m.bound ELSE g.bound END AS bound, g.certain AND sure AS certain,
           g.starts AS given_from, g.ends AS given_to
    FROM resolution c
    JOIN assigned g ON g.run = c.run AND g.principal = c.holder
    LEFT JOIN scoped s ON s.run = c.run AND s.scope_set = c.scope_set AND s.atom = g.atom
    LEFT JOIN unsaid u ON u.run = c.run AND u.credential = c.id AND u.atom = g.atom
    CROSS JOIN most m, LATERAL (SELECT coalesce(s.certain, c.scope_known) AS sure)
    WHERE c.asks AND c.snapshot AND (u.run IS NULL OR g.bound = 'lo' OR m.bound = 'exact') AND (sure OR g.bound <> 'lo')
      AND (c.scope_set IS NULL OR (s.allowed AND NOT s.denied))
    UNION ALL BY NAME
    SELECT c.*, e.atom, 'lo' AS bound, true AS certain, CASE WHEN c.resolved <> 'baked' THEN e.since END AS seen_from,
           CASE WHEN c.resolved <> 'baked' THEN e.until END AS seen_to
    FROM seen e JOIN resolution c ON c.run = e.run AND c.id = e.credential
    ANTI JOIN (FROM assigned WHERE bound = 'lo') a ON c.scope_known AND a.run = e.run AND a.principal = c.holder AND a.atom = e.atom
    WHERE e.since IS NOT NULL
    UNION ALL BY NAME
    SELECT c.*, e.atom, 'hi' AS bound, false AS certain FROM unsaid e JOIN resolution c ON c.run = e.run AND c.id = e.credential
    UNION ALL BY NAME
    SELECT c.*, k.atom, m.bound, false AS certain
    FROM resolution c JOIN everything k USING (run) CROSS JOIN most m
    WHERE c.scope_set IS NULL AND NOT (c.asks AND c.snapshot)
);

-- Which credential carried which atom from when until when at the atom's verifier, clipped to the window, and `since` when
-- before that was done; whether of an agent that was `abandoned`. Where one exact value is asked for, what is not certain has no
-- known start. Once, where that is the same in each bound. Who is not known may have been abandoned, if anybody was; and what such a one
-- holds is always told in each bound, because at least it may add nothing to what others hold.
CREATE TEMP TABLE carried_once AS
WITH bounded AS (
    SELECT c.run, c.id AS credential, c.holder, c.task, c.binding, c.enforced, c.scope_known, c.given_from, c.given_to,
           narrow(b.bound) AS bound, k.atom, k.level, k.tier, k.verifier,
           k.weight, k.resource_group, r.t0, r.t1, g.run IS NOT NULL OR (c.holder IS NULL AND b.bound = 'lo' AND c.run IN (SELECT run FROM perhaps_abandoned)) AS abandoned,
           CASE WHEN b.bound = 'lo' THEN greatest(c.seen_from, c.from_hi) WHEN b.bound = 'hi' OR c.certain THEN c.from_lo END AS starts,
           CASE b.bound WHEN 'lo' THEN least(c.seen_to, c.to_lo) ELSE c.to_hi END AS ends,
           CASE b.bound WHEN 'lo' THEN a.until_lo ELSE a.until_hi END AS until
    FROM covered c
    JOIN catalogue k ON k.run = c.run AND k.atom = c.atom
    JOIN run r ON r.run = c.run
    LEFT JOIN acceptance a ON a.run = c.run AND a.credential = c.id AND a.verifier = k.verifier
    LEFT JOIN gone g ON g.run = c.run AND g.principal = c.holder
    JOIN worked_out_in b ON b.known = CASE WHEN c.bound = 'exact' AND (c.holder IS NULL OR c.from_lo IS DISTINCT FROM c.from_hi OR c.to_lo IS DISTINCT FROM c.to_hi
                                                                   OR a.until_lo IS DISTINCT FROM a.until_hi) THEN 'vague' ELSE c.bound END
), accepted AS (
    SELECT * REPLACE (CASE WHEN starts IS NOT NULL THEN greatest(starts, given_from) END AS starts,
                      CASE WHEN ends IS NOT NULL THEN least(ends, given_to, until) END AS ends)
    FROM bounded
)
-- What certainly lies outside the window is left out, even where one of its ends is not known.
SELECT * EXCLUDE (until, given_from, given_to) REPLACE (
           CASE WHEN starts IS NOT NULL THEN greatest(starts, t0) END AS starts,
           CASE WHEN ends IS NOT NULL THEN least(ends, t1) END AS ends),
       starts AS since
FROM accepted
WHERE coalesce(starts < t1, true) AND coalesce(ends > t0, true) AND coalesce(until > t0, true) AND coalesce(starts < ends, true)
  AND given_from < t1 AND given_to > t0;

-- The same in each bound that is asked for.
CREATE TEMP VIEW carried AS
SELECT c.* REPLACE (b.bound AS bound) FROM carried_once c JOIN counts_for b ON b.known = c.bound;

-- The same of whoever works; what abandoned agents have left is debt (identity_debt, outlived_agent).
CREATE TEMP VIEW held AS SELECT * EXCLUDE (abandoned) FROM carried WHERE NOT abandoned;
CREATE TEMP VIEW held_once AS SELECT * EXCLUDE (abandoned) FROM carried_once WHERE NOT abandoned;

-- What identities hold. Of whom nobody knows is at most somebody else each time, and at least whoever holds the same anyway.
CREATE TEMP MACRO by_somebody(holdings) AS TABLE
SELECT * REPLACE (coalesce(holder, -2 - credential) AS holder) FROM query_table(holdings) WHERE holder IS NOT NULL OR bound <> 'lo';

-- Credentials that a service asked for, for itself or on somebody's behalf: what it does with them no log need show.
CREATE TEMP VIEW lent_to_service AS
SELECT DISTINCT run, issued AS credential FROM bare_event
WHERE kind IN ('issue', 'renew', 'assume') AND issued IS NOT NULL AND invoked_by IS NOT NULL;

-- Credentials that more than one has, from-to: that somebody besides the holder has as well, or was seen to use, or whose holder is an
-- account that several work as. Of those who have what nobody is known to hold one at most is the holder: for certain it is shared
-- since the second of them, and perhaps always, as by such an account.
CREATE TEMP VIEW shared_credential AS
WITH had AS (
    SELECT run, credential, principal, valid_from AS starts, valid_to AS ends FROM possessor
    UNION ALL
    SELECT run, credential, principal, min(time + to_microseconds(clock_error)), 'infinity'::TIMESTAMP
    FROM bare_event WHERE kind = 'use' AND decision = 'allow' GROUP BY run, credential, principal
), shared AS (
    SELECT h.run, h.credential, h.starts, h.ends
    FROM had h JOIN credential c ON c.run = h.run AND c.id = h.credential AND c.holder <> h.principal
    UNION ALL
    SELECT c.run, c.id, '-infinity'::TIMESTAMP, 'infinity'::TIMESTAMP
    FROM credential c JOIN principal p ON p.run = c.run AND p.id = c.holder AND p.kind = 'shared_account'
)
SELECT s.run, s.credential, b.bound, s.starts, s.ends FROM shared s CROSS JOIN bounds b
UNION ALL
SELECT h.run, h.credential, b.bound, CASE b.bound WHEN 'lo' THEN list_sort(list(h.starts))[2] ELSE '-infinity' END, 'infinity'::TIMESTAMP
FROM (SELECT run, credential, principal, min(starts) AS starts FROM had WHERE principal IS NOT NULL GROUP BY run, credential, principal) h
JOIN credential c ON c.run = h.run AND c.id = h.credential AND c.holder IS NULL
JOIN bounds b ON b.bound <> 'exact'
GROUP BY h.run, h.credential, b.bound HAVING count(*) > 1;

-- Tasks of sub-agents that may not be called up: whoever would have, does their work itself.
CREATE TEMP VIEW in_line AS
SELECT DISTINCT run, task FROM bare_event WHERE kind = 'spawn' AND decision = 'deny';

-- What each of some tasks acts with: what was issued for it, and what else it was seen to use; on a log that is not certain (`surely`)
-- where nobody knows whether it was let use it. To ask about a few of many takes a look at the calls of these only. A text that
-- calls it must not name one of its own parts `credential` or `bare_event`: these would be taken for the evidence.
CREATE TEMP MACRO acts_with(tasks) AS TABLE
SELECT u.run, u.task, u.credential, c.task IS NOT DISTINCT FROM u.task AS own, u.surely
FROM (SELECT run, task, credential, bool_or(surely) AS surely
      FROM (SELECT run, task, id AS credential, true AS surely FROM credential
            UNION ALL
            SELECT run, task, credential, decision IS NOT NULL FROM bare_event
            WHERE kind = 'use' AND credential IS NOT NULL AND decision IS DISTINCT FROM 'deny')
      SEMI JOIN query_table(tasks) USING (run, task)
      GROUP BY run, task, credential) u
JOIN credential c ON c.run = u.run AND c.id = u.credential;

-- While a sub-agent's credential is accepted though its parent has ended; one that was handed down to it, though the task
-- that it was issued for has ended too. What is for all of an agent's work outlives no part of that.
CREATE TEMP VIEW zombie AS
WITH bereft AS (
    SELECT t.run, t.id AS task, p.ended AS parent_ended
    FROM task t
    JOIN task p ON p.run = t.run AND p.id = t.parent AND p.ended IS NOT NULL
    ANTI JOIN in_line i ON i.run = t.run AND i.task = t.id
    WHERE t.started IS NOT NULL
)
SELECT h.run, h.bound, a.task, h.credential,
       CASE WHEN h.starts IS NOT NULL THEN greatest(h.starts, b.parent_ended, CASE WHEN NOT a.own THEN o.ended END) END AS starts, h.ends
FROM acts_with('bereft') a
JOIN bereft b ON b.run = a.run AND b.task = a.task
JOIN held h ON h.run = a.run AND h.credential = a.credential AND h.task IS NOT NULL
LEFT JOIN task o ON o.run = h.run AND o.id = h.task
WHERE (a.own OR o.ended IS NOT NULL) AND (a.surely OR h.bound <> 'lo');

-- A credential until its end, or until the last verifier that hears of it has stopped accepting it.
CREATE TEMP VIEW accepted_credential AS
SELECT c.* REPLACE (
           CASE WHEN c.to_lo IS NOT NULL THEN least(c.to_lo, a.until_lo) END AS to_lo,
           CASE WHEN c.to_hi IS NOT NULL THEN least(c.to_hi, a.until_hi) END AS to_hi)
FROM credential c
LEFT JOIN (SELECT run, credential, max(until_lo) AS until_lo, max(until_hi) AS until_hi FROM acceptance GROUP BY run, credential) a
    ON a.run = c.run AND a.credential = c.id;

-- What was renewed to what, and whether nobody had said yes to going on with the one before; NULL where nobody knows.
CREATE TEMP VIEW renewed AS
SELECT e.run, e.credential, e.issued, e.time,
       CASE WHEN count(d.run) = 0 THEN true WHEN bool_or(d.decision = 'allow') THEN false END AS silent
FROM bare_event e
LEFT JOIN bare_event d ON d.run = e.run AND d.kind = 'decide' AND d.decision IS DISTINCT FROM 'deny' AND d.credential = e.credential AND d.time <= e.time
WHERE e.kind = 'renew' AND e.issued IS NOT NULL
GROUP BY e.run, e.id, e.credential, e.issued, e.time;

-- Of how many credentials of whoever works it is not known since when or until when they were accepted.
CREATE TEMP VIEW unknown_validity AS
SELECT h.run, b.bound, sum(h.credentials)::BIGINT AS credentials
FROM (SELECT run, bound, count(DISTINCT credential) AS credentials FROM held_once WHERE starts IS NULL OR ends IS NULL GROUP BY run, bound) h
JOIN counts_for b ON b.known = h.bound
GROUP BY h.run, b.bound;

-- The same of those of whoever does not work any more as well, in either bound.
CREATE TEMP VIEW unknown_carried AS
SELECT run, count(DISTINCT credential) AS credentials FROM carried WHERE starts IS NULL OR ends IS NULL GROUP BY run;

-- Credentials whose scope is not known: what they weigh has no upper end, because a catalogue seen is not all there is.
CREATE TEMP VIEW unscoped AS
SELECT run, count(*) AS credentials FROM resolution WHERE NOT scope_known GROUP BY run;

-- What the model's own issuer could have made for an identity, whoever asks or is the issuer, and what its owner could take
-- for it in an emergency; clipped. Whoever retries gets through whatever lets one request in a thousand pass; the rest is
-- guarded. Who is no agent and holds no credential, a role that nobody has taken, asks for nothing.
-- Once, where that is the same in each bound.
CREATE TEMP VIEW issuable_once AS
SELECT t.run, t.principal, b.bound, k.atom, k.level, k.tier, k.weight, k.resource_group, r.t0, r.t1,
       greatest(t.valid_from, r.t0) AS starts, least(t.valid_to, r.t1) AS ends, t.permit_under_attack, t.permit_in_tries, t.bootstrap,
       t.gate = 'human' AS by_human, t.gate = 'issuer' AS unasked, t.permit_under_attack < 1 AS guarded,
       EXISTS (FROM principal p WHERE p.run = t.run AND p.id = t.issuer AND p.kind IN ('human', 'team')) AS by_owner
FROM trust t
JOIN run r USING (run)
JOIN scope_set_atom s ON s.run = t.run AND s.scope_set = t.scope_set AND s.effect = 'allow'
JOIN catalogue k ON k.run = t.run AND k.atom = s.atom
JOIN (SELECT false AS conditional, 'exact' AS bound UNION ALL SELECT true, bound FROM bounds WHERE bound <> 'lo') b USING (conditional)
ANTI JOIN gone g ON g.run = t.run AND g.principal = t.principal
ANTI JOIN (FROM principal p ANTI JOIN credential c ON c.run = p.run AND c.holder = p.id WHERE p.kind <> 'agent') n
    ON n.run = t.run AND n.id = t.principal
WHERE t.valid_from < r.t1 AND t.valid_to > r.t0 AND t.valid_from < t.valid_to;

CREATE TEMP VIEW issuable AS
SELECT i.* REPLACE (b.bound AS bound) FROM issuable_once i JOIN counts_for b ON b.known = i.bound;

-- What it could give to whoever holds the identity, states any intent and retries.
CREATE TEMP VIEW grantable AS FROM issuable WHERE NOT unasked;

CREATE TEMP VIEW mintable AS FROM grantable WHERE NOT guarded;
