-- What opens what, place by place: whatever opens the same is told once, and what comes and goes together is looked at together.
--
-- Millions of credentials open few different sets of atoms, and at a place lie few of these: at many places the same. So which
-- levels of which groups can only be in reach together is found out once for each collection of sets (a ring), before there is any
-- time in it. What is then sorted by time is a row a credential and bundle of such levels, where it was one a credential, atom and
-- level; and that once for all bounds, wherever these do not differ.

-- What each group adds to the estate's value, level by level: the maximum of several weights is the sum of the steps
-- between them, each as long as anything reaches that high.
CREATE TEMP VIEW layer AS
SELECT run, resource_group, weight, resources::HUGEINT * (weight - lag(weight, 1, 0) OVER (PARTITION BY run, resource_group ORDER BY weight)) AS step,
       row_number() OVER (ORDER BY run, resource_group, weight)::INTEGER AS layer
FROM (SELECT DISTINCT run, resource_group, resources, weight FROM catalogue);

-- What all that can be touched is worth, each group by its greatest weight times its resources; not known of a run that names nothing.
CREATE TEMP VIEW estate AS SELECT run, sum(step) AS value FROM run LEFT JOIN layer USING (run) GROUP BY run;

-- Whether what is in reach is known in a bound, of an estate worth how much, over how many days. On a log without entitlements it would
-- be an observed footprint, which is no blast radius; and what a log never shows may be in reach too. Where it matters which calls were
-- let in, those of which nobody knows (`doubtful`) are unknown as well; and where it matters whose they were, those that do not say it
-- (`unnamed`). Of what nobody knows who holds it, what it adds wherever it lies is no more than what it opens alone; but it is not
-- `placed` for what hangs on what else lies there.
CREATE TEMP VIEW reach_known AS
SELECT r.*, b.bound, e.value AS estate, d.days, coalesce(v.credentials, 0) + coalesce(h.credentials, 0) AS unknowns, coalesce(c.calls, 0) AS doubtful, coalesce(n.calls, 0) AS unnamed,
       r.sees_credentials AND r.sees_scope AND v.credentials IS NULL AND (b.bound = 'lo' OR r.sees_every_credential) AS known,
       b.bound <> 'hi' OR h.run IS NULL AS placed
FROM run r CROSS JOIN bounds b JOIN estate e USING (run) JOIN agent_days d ON d.run = r.run AND d.bound = b.bound
LEFT JOIN unknown_validity v ON v.run = r.run AND v.bound = b.bound
LEFT JOIN doubtful_calls c ON c.run = r.run
LEFT JOIN unnamed_calls n ON n.run = r.run
LEFT JOIN unheld h ON h.run = r.run;

-- What of a holding verifiers refuse: a copy of a token alone, and a token with what can be copied of its key. An enforcement
-- that nobody knows of is there for what is proven, and not for what is possible. Of what a log may not show there is no upper
-- end, so none is worked out.
CREATE TEMP MACRO as_accepted(holdings) AS TABLE
SELECT h.*, c.checked AND h.binding = 'audience' AS one_audience,
       c.checked AND (h.binding IN ('key_exportable', 'key_bound', 'context_bound') OR (h.binding = 'unknown' AND h.bound = 'lo')) AS needs_key,
       c.checked AND (h.binding IN ('key_bound', 'context_bound') OR (h.binding = 'unknown' AND h.bound = 'lo')) AS key_stays
FROM query_table(holdings) h JOIN run r USING (run), LATERAL (SELECT coalesce(h.enforced, h.bound = 'lo') AS checked) c
WHERE r.sees_scope AND (h.bound <> 'hi' OR r.sees_every_credential) AND h.starts < h.ends;

-- A credential with all that it opens from one instant to another: mostly that is everything that it ever opens.
CREATE TEMP TABLE held_as_one AS
SELECT h.run, h.credential, h.bound, any_value(h.holder) AS holder, any_value(h.task) AS task, any_value(h.binding) AS binding,
       any_value(h.enforced) AS enforced, h.starts, h.ends, any_value(h.t0) AS t0, any_value(h.t1) AS t1, list_sort(list(h.atom)) AS atoms
FROM by_somebody('held_once') h JOIN run r USING (run)
WHERE r.sees_scope AND (h.bound <> 'hi' OR r.sees_every_credential) AND h.starts < h.ends
GROUP BY h.run, h.credential, h.bound, h.starts, h.ends;

-- The same of what an issuer would grant.
CREATE TEMP TABLE minted_as_one AS
SELECT run, principal, bound, bootstrap, starts, ends, any_value(t0) AS t0, any_value(t1) AS t1, list_sort(list(atom)) AS atoms
FROM issuable_once WHERE NOT unasked AND NOT guarded
GROUP BY run, principal, bound, bootstrap, starts, ends;

-- Places of which something is not the same in each bound. What lies there is worked out in each, and what lies elsewhere once: one of
-- the others at the same place may be in reach because of it, so that places are told apart, and not credentials.
CREATE TEMP TABLE vague_place AS
SELECT h.run, h.holder AS place
FROM held_as_one h JOIN run r USING (run)
WHERE h.bound <> 'exact' OR h.binding = 'unknown' OR (h.enforced IS NULL AND h.binding <> 'bearer')
   OR NOT (r.sees_every_credential AND r.sees_tasks AND r.sees_every_event)
UNION
SELECT run, principal FROM minted_as_one WHERE bound <> 'exact' OR bootstrap IS NULL;

-- In which bounds what is known so is worked out at a place that is vague, or not.
CREATE TEMP TABLE at_place_in AS
SELECT true AS vague, known, bound FROM counts_for UNION ALL SELECT false, 'exact', 'exact';

CREATE TEMP VIEW held_at_place AS
SELECT h.* REPLACE (b.bound AS bound)
FROM held_as_one h
LEFT JOIN vague_place v ON v.run = h.run AND v.place IS NOT DISTINCT FROM h.holder
JOIN at_place_in b ON b.vague = (v.run IS NOT NULL) AND b.known = h.bound;

CREATE TEMP VIEW minted_at_place AS
SELECT m.* REPLACE (b.bound AS bound)
FROM minted_as_one m
LEFT JOIN vague_place v ON v.run = m.run AND v.place = m.principal
JOIN at_place_in b ON b.vague = (v.run IS NOT NULL) AND b.known = m.bound;

-- Places by number, in each bound in which they are worked out, and where the issuer is, who is nobody's. Many rows are sorted by
-- place: one short number instead of a run, a principal and a bound halves the time.
CREATE TEMP TABLE spot AS
SELECT row_number() OVER ()::INTEGER AS spot, run, place, narrow(bound) AS bound
FROM (SELECT run, holder AS place, bound FROM held_at_place UNION SELECT run, principal, bound FROM minted_at_place
      UNION SELECT run, NULL, bound FROM run CROSS JOIN bounds);

-- Sets of atoms that something opens, and whether at one verifier alone, by number: there are far fewer than credentials.
CREATE TEMP TABLE opening_set AS
SELECT row_number() OVER ()::INTEGER AS opening, *
FROM (SELECT run, one_audience, atoms FROM as_accepted('held_at_place') UNION SELECT run, false, atoms FROM minted_at_place);

-- What lies at a place, and what could be had there for the asking.
CREATE TEMP TABLE at_hand AS
SELECT s.spot, h.credential, h.task, o.opening, h.one_audience, h.needs_key, h.key_stays, h.starts, h.ends, h.t0, h.t1
FROM as_accepted('held_at_place') h
JOIN opening_set o ON o.run = h.run AND o.one_audience = h.one_audience AND o.atoms = h.atoms
JOIN spot s ON s.run = h.run AND s.place IS NOT DISTINCT FROM h.holder AND s.bound = h.bound;

CREATE TEMP TABLE for_asking AS
SELECT s.spot, m.bootstrap = 'static_secret' OR (m.bootstrap IS NULL AND m.bound = 'hi') AS by_secret, o.opening, m.starts, m.ends, m.t0
FROM minted_at_place m
JOIN opening_set o ON o.run = m.run AND o.atoms = m.atoms AND NOT o.one_audience
JOIN spot s ON s.run = m.run AND s.place = m.principal AND s.bound = m.bound;

-- All different sets that lie at a place are its ring, which many places have in common.
CREATE TEMP TABLE ring_there AS
SELECT spot, list_sort(list(opening)) AS openings
FROM (SELECT spot, opening FROM at_hand UNION SELECT spot, opening FROM for_asking) GROUP BY spot;
CREATE TEMP TABLE key_ring AS SELECT row_number() OVER ()::INTEGER AS ring, openings FROM (SELECT DISTINCT openings FROM ring_there);
CREATE TEMP TABLE ring_at AS SELECT t.spot, k.ring FROM ring_there t JOIN key_ring k USING (openings);

-- Up to which level each set of a ring opens which groups.
CREATE TEMP TABLE in_ring AS
SELECT k.ring, o.opening, o.one_audience, c.verifier, c.resource_group, l.layer, l.step
FROM (SELECT ring, unnest(openings) AS opening FROM key_ring) k
JOIN (SELECT run, opening, one_audience, unnest(atoms) AS atom FROM opening_set) o USING (opening)
JOIN catalogue c ON c.run = o.run AND c.atom = o.atom
JOIN layer l ON l.run = c.run AND l.resource_group = c.resource_group AND l.weight <= c.weight;

-- Layers that are opened by the same sets of a ring are in reach at the same times, whenever these are: they are one bundle, which has
-- the number of the lowest, and adds what they add together. That holds for whatever part of the ring a threat takes, too.
CREATE TEMP MACRO bundled(layers) AS TABLE
SELECT ring, cell, unnest(openings) AS opening, layer, step, checked_at
FROM (SELECT ring, cell, checked_at, openings, min(layer) AS layer, sum(step) AS step
      FROM (SELECT ring, cell, checked_at, layer, step, list_sort(list(DISTINCT opening)) AS openings
            FROM query_table(layers) GROUP BY ALL)
      GROUP BY ALL);

CREATE TEMP VIEW layer_in_ring AS SELECT *, NULL::INTEGER AS cell, NULL::INTEGER[] AS checked_at FROM in_ring;
CREATE TEMP TABLE bundle_in_ring AS SELECT ring, opening, layer, step FROM bundled('layer_in_ring');

-- Verifiers at which a copied token opens groups that it opens there alone.
CREATE TEMP TABLE audience_in_ring AS SELECT DISTINCT ring, verifier, resource_group FROM in_ring WHERE one_audience;
CREATE TEMP TABLE verifier_apart AS SELECT DISTINCT ring, verifier FROM audience_in_ring;

-- What a copied token opens: at any verifier that asks for no audience (cell -1), and at each that does, with whatever else opens
-- the same groups there.
CREATE TEMP VIEW layer_by_copy AS
SELECT i.*, -1 AS cell, a.verifiers AS checked_at
FROM in_ring i
LEFT JOIN (SELECT ring, resource_group, list_sort(list(verifier)) AS verifiers FROM audience_in_ring GROUP BY ALL) a USING (ring, resource_group)
WHERE NOT i.one_audience
UNION ALL
SELECT i.*, a.verifier, NULL
FROM in_ring i JOIN audience_in_ring a USING (ring, resource_group)
WHERE NOT i.one_audience OR i.verifier = a.verifier;
CREATE TEMP TABLE bundle_by_copy AS FROM bundled('layer_by_copy');
