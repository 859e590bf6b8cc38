-- Ledgers rebuilt from the logs of some runs ($runs), and from nothing else: what log.event shows is all that is used, and of an
-- ingest what a snapshot lists. To
-- plan this takes longer than to do it for a short run. The least and the most of their keys let a scan skip others.
--
-- [from_hi, to_lo) is what the log proves, [from_lo, to_hi) is what it allows at most. A stated end is proven only
-- where the profile says that every revocation is recorded; elsewhere the last accepted use is. A use of which nobody knows whether it was
-- let in proves nothing, and allows what an accepted one would prove.
--
-- What was issued again after its end, or when nobody knows whether it had ended, was there several times, which one interval does not
-- hold: proven is the first time, possible all until the end of the last. Anything else is taken to be there without a break.

DELETE FROM ledger.credential WHERE list_contains($runs, run);
DELETE FROM ledger.acceptance WHERE list_contains($runs, run);
DELETE FROM ledger.task_outcome WHERE list_contains($runs, run);

INSERT INTO ledger.credential BY NAME
WITH issued AS (
    -- A source may report one issue twice, with other words: the first tells who, the later end is the latest. First is by id,
    -- which orders a log whole: of two events of one instant a time would take either.
    -- What is issued by reason of renewal was there before, and whoever does that need not be who issued it.
    SELECT run, issued AS id, min(time) AS issued_at, max(time) AS issued_last, min(coalesce(expires, time)) AS ends_first, max(expires) AS expires,
           bool_or(reason IS DISTINCT FROM 'renewal') AS begun, arg_min(principal, e.id) FILTER (reason IS DISTINCT FROM 'renewal') AS issuer,
           arg_min(target, e.id) AS holder, arg_min(task, e.id) AS task, arg_min(scope_set, e.id) AS scope_set,
           arg_min(credential_kind, e.id) AS kind, arg_min(resolved, e.id) AS resolved, arg_min(binding, e.id) AS binding,
           arg_min(enforced, e.id) AS enforced
    FROM log.event e
    WHERE run BETWEEN list_min($runs) AND list_max($runs) AND list_contains($runs, run)
      AND kind IN ('issue', 'renew', 'assume') AND issued IS NOT NULL
    GROUP BY ALL
), used AS (
    -- A clock that may be wrong proves so much less.
    SELECT run, credential AS id, min(time + to_microseconds(clock_error)) AS first_seen,
           min(time + to_microseconds(clock_error)) FILTER (decision = 'allow') AS first_accepted,
           max(time - to_microseconds(clock_error)) FILTER (decision = 'allow') AS last_accepted,
           min(time + to_microseconds(clock_error)) FILTER (decision IS DISTINCT FROM 'deny') AS first_perhaps,
           max(time - to_microseconds(clock_error)) FILTER (decision IS DISTINCT FROM 'deny') AS last_perhaps,
           min(time + to_microseconds(clock_error)) FILTER (reason = 'expired') AS refused_at,
           CASE WHEN count(*) = count(principal) AND min(principal) = max(principal) THEN min(principal) END AS only_user,
           arg_min(presented_kind, e.id) AS kind, arg_min(resolved, e.id) FILTER (issued IS NULL) AS resolved,
           min(presented_from) AS presented_from, max(presented_to) AS presented_to
    FROM log.event e
    WHERE run BETWEEN list_min($runs) AND list_max($runs) AND list_contains($runs, run)
      AND credential IS NOT NULL AND kind IN ('use', 'assume', 'issue', 'revoke')
    GROUP BY ALL
), ended AS (
    SELECT run, issued AS id, min(time) AS ended_at, arg_min(target, e.id) AS holder, arg_min(credential_kind, e.id) AS kind
    FROM log.event e
    WHERE run BETWEEN list_min($runs) AND list_max($runs) AND list_contains($runs, run)
      AND kind = 'revoke' AND issued IS NOT NULL AND verifier IS NULL
    GROUP BY ALL
), listed AS (
    -- What a snapshot lists of an ingested log: it was there at that instant, whatever the log shows of it.
    SELECT c.* FROM fact.credential c JOIN log.run r USING (run)
    WHERE c.run BETWEEN list_min($runs) AND list_max($runs) AND list_contains($runs, c.run) AND r.kind = 'ingested' AND r.sees_scope
), known AS (
    -- An issue and an accepted use prove that it was there; of a credential that is only ended, its end does. Of one that only uses of
    -- unknown outcome show, the last of these may be the first that it was accepted for.
    SELECT run, id, issued_at, presented_from, l.from_lo AS listed_from, least(issued_at, presented_from, first_accepted, l.from_hi) AS proven_from,
           first_seen, first_perhaps, last_perhaps, expires, ended_at, last_accepted, i.begun,
           i.issued_last > least(i.ends_first, ended_at, refused_at, l.to_hi) AS perhaps_again,
           coalesce(greatest(last_accepted, l.to_lo), issued_at, presented_from, last_perhaps, first_seen, ended_at) AS last_proof,
           least(coalesce(expires, presented_to, 'infinity'), coalesce(ended_at, 'infinity'),
                 coalesce(refused_at, 'infinity'), coalesce(l.to_hi, 'infinity')) AS ends_at_most,
           i.issuer, coalesce(i.holder, x.holder, l.holder, u.only_user) AS holder, i.task, i.scope_set,
           coalesce(i.kind, u.kind, x.kind, l.kind) AS kind, coalesce(i.resolved, u.resolved, l.resolved) AS resolved, i.binding, i.enforced,
           l.id IS NOT NULL AS listed
    FROM issued i FULL JOIN used u USING (run, id) FULL JOIN ended x USING (run, id) FULL JOIN listed l USING (run, id)
), told AS (
    -- Of what may have been issued again, all that tells since when, until when and that it was there.
    SELECT e.run, k.id, e.id AS event, e.time + to_microseconds(e.clock_error) AS time, e.kind, e.expires,
           e.kind = 'renew' OR e.reason IS NOT DISTINCT FROM 'renewal' AS renews,
           CASE WHEN e.issued = k.id AND e.kind <> 'use' THEN e.kind <> 'revoke' WHEN e.reason = 'expired' THEN false END AS begins,
           CASE WHEN begins OR (begins IS NULL AND e.decision = 'allow') THEN e.time - to_microseconds(e.clock_error) END AS proof
    FROM log.event e
    JOIN (FROM known WHERE perhaps_again) k ON k.run = e.run
     AND k.id = CASE WHEN e.kind IN ('issue', 'renew', 'assume', 'revoke') AND e.issued IS NOT NULL THEN e.issued ELSE e.credential END
    WHERE e.run BETWEEN list_min($runs) AND list_max($runs) AND list_contains($runs, e.run)
      AND e.kind IN ('issue', 'renew', 'assume', 'revoke', 'use') AND (e.verifier IS NULL OR e.kind <> 'revoke')
    UNION ALL BY NAME
    SELECT l.run, l.id, l.to_hi AS time, false AS begins
    FROM listed l SEMI JOIN (FROM known WHERE perhaps_again) k USING (run, id) WHERE isfinite(l.to_hi)
), after AS (
    -- After how many ends each comes: what was to last until then does so no more.
    SELECT *, sum(if(begins AND NOT been, 1, 0)) OVER upto AS ends
    FROM (SELECT *, lag(begins IGNORE NULLS) OVER (PARTITION BY run, id ORDER BY time, begins IS NULL, event) AS been FROM told)
    WINDOW upto AS (PARTITION BY run, id ORDER BY time, begins IS NULL, event ROWS UNBOUNDED PRECEDING)
), counted AS (
    SELECT *, sum(if(again, 1, 0)) OVER (PARTITION BY run, id ORDER BY time, begins IS NULL, event ROWS UNBOUNDED PRECEDING) AS nth
    FROM (SELECT *, begins AND (NOT been OR coalesce(max(expires) FILTER (begins) OVER before < time,
                                                   NOT renews AND max(time) FILTER (begins) OVER before < time)) AS again
          FROM after
          WINDOW before AS (PARTITION BY run, id, ends ORDER BY time, begins IS NULL, event ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
), times AS (
    SELECT run, id, nth, min(time) AS since, least(max(expires) FILTER (begins), min(time) FILTER (NOT begins), 'infinity') AS until, max(proof) AS proof,
           coalesce(bool_or(begins AND NOT renews), false) AS begun, bool_or(kind = 'revoke' AND NOT begins) AS revoked,
           count(expires) FILTER (begins) > 0 AS stated
    FROM counted GROUP BY run, id, nth
), again AS (
    SELECT run, id, max(until) FILTER (nth = 0) AS until, max(proof) FILTER (nth = 0) AS proof, bool_or(begun) FILTER (nth = 0) AS begun,
           bool_or(revoked) FILTER (nth = 0) AS revoked, bool_or(stated) FILTER (nth = 0) AS stated,
           max(since) AS since, arg_max(until, nth) AS ends_at_most
    FROM times GROUP BY run, id HAVING count(*) > 1
)
SELECT k.run, p.name AS profile, k.id, coalesce(k.kind, 'unknown') AS kind, k.issuer, k.holder, k.task, k.scope_set,
       coalesce(k.resolved, 'unknown') AS resolved, coalesce(k.binding, 'unknown') AS binding, k.enforced,
       CASE WHEN coalesce(a.begun, k.begun, false) OR k.presented_from IS NOT NULL THEN least(k.proven_from, k.first_perhaps)
            WHEN k.listed_from IS NOT NULL THEN least(k.listed_from, k.proven_from, k.first_perhaps) ELSE '-infinity' END AS from_lo,
       coalesce(k.proven_from, k.last_perhaps, k.first_seen, k.ended_at) AS from_hi,
       CASE WHEN a.revoked OR (a.stated AND p.revocations_complete AND r.sees_every_event) THEN a.until
            WHEN a.run IS NOT NULL THEN least(coalesce(a.proof, from_hi), a.until)
            WHEN k.last_accepted > k.ends_at_most THEN k.last_accepted
            WHEN k.ended_at IS NOT NULL OR (p.revocations_complete AND r.sees_every_event AND k.expires IS NOT NULL) THEN k.ends_at_most
            ELSE least(k.last_proof, k.ends_at_most) END AS to_lo,
       -- A use seen after the stated end means that the log does not tell everything: the end is then not known at all.
       CASE WHEN k.last_perhaps > coalesce(a.ends_at_most, k.ends_at_most) THEN 'infinity'
            ELSE greatest(coalesce(a.ends_at_most, k.ends_at_most), k.last_proof, a.since) END AS to_hi,
       CASE WHEN k.expires IS NOT NULL OR k.ended_at IS NOT NULL OR k.listed THEN 'stated' ELSE 'seen_use' END AS basis
FROM known k
LEFT JOIN again a USING (run, id)
JOIN log.run r USING (run)
JOIN fact.log_profile p ON p.name = r.profile;

INSERT INTO ledger.acceptance BY NAME
SELECT e.run, r.profile, e.issued AS credential, e.verifier, min(e.time) AS until_lo, min(e.time) AS until_hi,
       arg_min(e.reason, e.id)::VARCHAR::end_reason AS reason
FROM log.event e JOIN log.run r USING (run)
WHERE e.run BETWEEN list_min($runs) AND list_max($runs) AND list_contains($runs, e.run)
  AND e.kind = 'revoke' AND e.issued IS NOT NULL AND e.verifier IS NOT NULL
GROUP BY ALL;

INSERT INTO ledger.task_outcome BY NAME
SELECT e.run, r.profile, e.task,
       arg_min(e.principal, e.id) FILTER (e.kind = 'task_start') AS agent,
       coalesce(arg_min(e.parent_task, e.id) FILTER (e.kind = 'task_start'), arg_min(e.parent_task, e.id) FILTER (e.kind = 'spawn')) AS parent,
       min(e.time) FILTER (e.kind = 'task_start') AS started,
       max(e.time) FILTER (e.kind = 'task_end') AS ended,
       -- Why it is broken stays in its event.
       coalesce(arg_min(CASE e.reason WHEN 'parent_ended' THEN 'broken' ELSE e.reason::VARCHAR END, e.id)
                FILTER (e.kind = 'task_end'), 'open')::task_outcome_kind AS outcome
FROM log.event e JOIN log.run r USING (run)
WHERE e.run BETWEEN list_min($runs) AND list_max($runs) AND list_contains($runs, e.run)
  AND e.task IS NOT NULL AND e.kind IN ('task_start', 'task_end', 'spawn')
GROUP BY e.run, r.profile, e.task
HAVING min(e.time) FILTER (e.kind = 'task_start') IS NOT NULL;
