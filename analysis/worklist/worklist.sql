-- Credentials of a run ($run) that are accepted at the window's end, or may be: what each lets be done that no work needs, and
-- who and what would notice its end. The same text reads a log and the truth.
--
-- hours    weighted permission-hours a day of the window, outside the need of whole tasks; a credential counts by itself,
--          whatever else its holder has, because each can be stolen (the same as in privilege_hours)
-- carries  weight of the permissions that are known to be in it, which is what one hour of it is worth at least
-- minutes  declared for the kind of item that it is: scenario.debt, else what is given ($outlived_agent, ...)
WITH lasting AS (
    -- Its permissions that are not over by the window's end.
    -- Of a log without scopes they are told verifier by verifier.
    SELECT h.*, NOT r.sees_scope AS any_atom
    FROM carried h
    JOIN run r USING (run)
    JOIN credential c ON c.run = h.run AND c.id = h.credential
    LEFT JOIN acceptance a ON a.run = h.run AND a.credential = h.credential AND a.verifier = h.verifier
    WHERE coalesce(h.ends >= h.t1, true)
      AND coalesce(CASE h.bound WHEN 'lo' THEN c.to_lo ELSE c.to_hi END > h.t1, true)
      AND coalesce(CASE h.bound WHEN 'lo' THEN a.until_lo ELSE a.until_hi END > h.t1, true)
), listed AS (
    SELECT run, credential, any_value(t0) AS t0, any_value(t1) AS t1, sum(permissions)::BIGINT AS permissions,
           bool_and(scope_known) AS scope_known, bool_or(abandoned) AS abandoned
    FROM (SELECT l.run, l.credential, l.t0, l.t1, l.scope_known, l.abandoned,
                 CASE WHEN l.any_atom THEN any_value(k.atoms) ELSE count(DISTINCT l.atom) END AS permissions
          FROM lasting l
          JOIN (SELECT run, verifier, count(*) AS atoms FROM catalogue GROUP BY run, verifier) k USING (run, verifier)
          WHERE l.bound <> 'lo'
          GROUP BY l.run, l.credential, l.verifier, l.t0, l.t1, l.scope_known, l.abandoned, l.any_atom)
    GROUP BY run, credential
), removed AS (
    SELECT h.run, h.credential, h.bound, h.atom, h.weight, epoch_us(h.ends) - epoch_us(h.starts) AS valid_us,
           coalesce(late.before_us + epoch_us(least(h.ends, late.ends)) - epoch_us(late.starts), 0)
           - coalesce(early.before_us + epoch_us(least(h.starts, early.ends)) - epoch_us(early.starts), 0) AS needed_us
    FROM (SELECT c.* FROM carried c
          SEMI JOIN lasting l ON l.run = c.run AND l.credential = c.credential AND l.verifier = c.verifier
                             AND l.bound <> 'lo' AND (l.any_atom OR l.atom = c.atom)) h
    ASOF LEFT JOIN task_tally late
        ON late.run = h.run AND late.principal = h.holder AND late.atom = h.atom AND late.bound = h.bound AND late.starts <= h.ends
    ASOF LEFT JOIN task_tally early
        ON early.run = h.run AND early.principal = h.holder AND early.atom = h.atom AND early.bound = h.bound AND early.starts <= h.starts
), totals AS (
    SELECT run, credential, bound, count(*) FILTER (valid_us IS NULL) AS unknowns,
           sum(weight * (valid_us - needed_us)::HUGEINT) AS weighted
    FROM removed GROUP BY run, credential, bound
), hours AS (
    SELECT l.run, l.credential, b.bound,
           CASE WHEN coalesce(t.unknowns, 0) = 0 AND (b.bound <> 'hi' OR l.scope_known)
                THEN permission_hours(coalesce(t.weighted, 0)) / (epoch(l.t1 - l.t0) / 86400) END AS value
    FROM listed l CROSS JOIN bounds b
    LEFT JOIN totals t ON t.run = l.run AND t.credential = l.credential AND t.bound = b.bound
), carrying AS (
    SELECT run, credential, sum(weight) / 1e6 AS carries
    FROM (SELECT DISTINCT run, credential, atom, weight FROM removed WHERE bound <> 'hi') GROUP BY run, credential
), other AS (
    -- What a holder is known to have by a credential, or could have made, when the window ends.
    SELECT run, holder, verifier, atom, credential FROM lasting WHERE bound <> 'hi' AND starts IS NOT NULL AND ends IS NOT NULL
    UNION ALL
    SELECT m.run, m.principal, k.verifier, m.atom, NULL FROM mintable m JOIN catalogue k USING (run, atom)
    WHERE m.bound <> 'hi' AND m.ends >= m.t1
), kept AS (
    SELECT h.run, h.credential, count(DISTINCT o.atom) AS kept
    FROM lasting h JOIN other o ON o.run = h.run AND o.holder = h.holder AND o.verifier = h.verifier AND (h.any_atom OR o.atom = h.atom)
                               AND o.credential IS DISTINCT FROM h.credential
    WHERE h.bound <> 'lo'
    GROUP BY h.run, h.credential
), used AS (
    SELECT run, credential, max(time) AS last_use FROM bare_event
    WHERE credential IS NOT NULL AND kind IN ('use', 'issue', 'renew', 'assume', 'revoke') AND decision IS DISTINCT FROM 'deny'
      AND credential IS DISTINCT FROM issued
    GROUP BY run, credential
), cut AS (
    SELECT e.run, e.parent AS credential, count(DISTINCT e.child) AS children
    FROM credential_edge e JOIN listed l ON l.run = e.run AND l.credential = e.child
    GROUP BY e.run, e.parent
), open_task AS (
    SELECT run, id AS task FROM task WHERE started IS NOT NULL AND ended IS NULL
), under_way AS (
    SELECT run, credential, count(DISTINCT task) AS tasks FROM acts_with('open_task') GROUP BY run, credential
), owning AS (
    SELECT o.run, o.principal, string_agg(DISTINCT p.name, ', ' ORDER BY p.name) AS names
    FROM answered o
    JOIN run r USING (run)
    JOIN principal p ON p.run = o.run AND p.id = o.owner
    WHERE o.role = 'owner' AND coalesce(o.starts <= r.t1, true) AND coalesce(o.ends > r.t1, true)
    GROUP BY o.run, o.principal
), unlogged AS (
    -- Systems where it may be accepted and that hand in no log.
    SELECT h.run, h.credential, string_agg(DISTINCT k.system, ', ' ORDER BY k.system) AS systems
    FROM lasting h
    JOIN catalogue k ON k.run = h.run AND k.verifier = h.verifier AND (h.any_atom OR k.atom = h.atom)
    JOIN run r ON r.run = h.run
    JOIN fact.log_profile p ON p.name = r.profile
    WHERE h.bound = 'hi' AND list_contains(p.absent, k.system)
    GROUP BY h.run, h.credential
), framed AS (
    SELECT r.run, r.kind = 'ingested' AS ingested, r.scenario, r.sees_inventory, r.sees_tasks, p.dropped > 0 AS loses,
           on_truth() AS true_to_all,
           epoch(r.t1 - CASE WHEN isfinite(r.begins) THEN r.begins ELSE r.t0 END) / 3600 AS observed_hours,
           (SELECT count(j.ordinal) FROM fact.reject j WHERE j.run = r.run) AS rejected,
           (SELECT count(DISTINCT j.source_file) FROM fact.reject j WHERE j.run = r.run AND j.ordinal IS NULL) AS unread
    FROM run r JOIN fact.log_profile p ON p.name = r.profile
    WHERE r.run = $run
), item AS (
    SELECT l.run, l.credential, CASE WHEN l.abandoned THEN 'outlived_agent' WHEN is_standing_key(c.kind) THEN 'overdue_rotation'
                                     ELSE 'outlived_task' END AS cause
    FROM listed l JOIN credential c ON c.run = l.run AND c.id = l.credential
), effort AS (
    SELECT i.run, i.credential, i.cause, (f.scenario ->> ('$.debt.' || i.cause))::DOUBLE AS declared,
           CASE i.cause WHEN 'outlived_agent' THEN $outlived_agent WHEN 'overdue_rotation' THEN $overdue_rotation
                        ELSE $outlived_task END::DOUBLE AS usual
    FROM item i JOIN framed f USING (run)
), bounded AS (
    SELECT run, credential, proven(value, bound) AS hours_lo, at_most(value, bound) AS hours_hi
    FROM hours GROUP BY run, credential
)
-- An inventory of a real log lists identities and seldom owners, so that of whom it names none, nobody knows whether there is one.
SELECT l.run, coalesce(n.name, l.credential::VARCHAR) AS credential, c.kind::VARCHAR AS kind,
       coalesce(w.name, 'not known') AS holder,
       coalesce(o.names, CASE WHEN c.holder IS NOT NULL AND (f.true_to_all OR (f.sees_inventory AND NOT f.ingested AND s.run IS NULL))
                              THEN 'nobody' ELSE 'not known' END) AS owner,
       b.hours_lo, b.hours_hi, coalesce(g.carries, 0) AS carries, coalesce(m.declared, m.usual) AS minutes,
       m.declared IS NOT NULL AS minutes_declared, u.last_use, epoch(l.t1 - u.last_use) / 3600 AS idle_hours,
       CASE WHEN isfinite(c.from_lo) THEN epoch(l.t1 - c.from_lo) / 3600 END AS age_hours,
       coalesce(d.children, 0) AS children, CASE WHEN f.sees_tasks THEN coalesce(t.tasks, 0) END AS tasks,
       l.permissions, coalesce(k.kept, 0) AS kept, f.observed_hours, f.true_to_all, x.systems AS unlogged, f.loses, f.ingested, f.rejected, f.unread
FROM listed l
JOIN framed f USING (run)
JOIN credential c ON c.run = l.run AND c.id = l.credential
JOIN bounded b ON b.run = l.run AND b.credential = l.credential
JOIN effort m ON m.run = l.run AND m.credential = l.credential
LEFT JOIN carrying g ON g.run = l.run AND g.credential = l.credential
LEFT JOIN kept k ON k.run = l.run AND k.credential = l.credential
LEFT JOIN used u ON u.run = l.run AND u.credential = l.credential
LEFT JOIN cut d ON d.run = l.run AND d.credential = l.credential
LEFT JOIN under_way t ON t.run = l.run AND t.credential = l.credential
LEFT JOIN unlogged x ON x.run = l.run AND x.credential = l.credential
LEFT JOIN principal w ON w.run = l.run AND w.id = c.holder
LEFT JOIN owning o ON o.run = l.run AND o.principal = c.holder
LEFT JOIN shadow s ON s.run = l.run AND s.principal = c.holder
LEFT JOIN fact.natural_key n ON n.run = l.run AND n.entity = 'credential' AND n.id = l.credential
-- What is proven first; where that is equal what may be, which has no limit where the scope is not known; then what is known of it.
ORDER BY b.hours_lo / greatest(minutes, 1e-6) DESC NULLS LAST, b.hours_hi / greatest(minutes, 1e-6) DESC NULLS FIRST,
         carries / greatest(minutes, 1e-6) DESC, idle_hours DESC NULLS FIRST, l.credential
