-- Ledgers rebuilt from the logs of some runs ($runs), and from nothing else: what log.bare_event shows is all that is used, and of an
-- ingest what a snapshot lists. To plan this takes longer than to do it for a short run. The least and the most of their keys let a scan skip others.
--
-- [from_hi, to_lo) is what the log proves, [from_lo, to_hi) is what it allows at most. What it tells of a credential:
--
--   there      from an issue or renewal on, or since when what is presented says, at an accepted use, while a snapshot lists it; where a
--              revocation ends it, until then
--   not there  from a revocation on, when a use is refused as expired, or as revoked where all is one log, once a snapshot omits it
--   perhaps    at a use of which nobody knows whether it was let in
--   its end    what issues and renewals state, or a token that is presented; a later one in place of the earlier
--
-- Between two times at which it was there it was there without a break, unless in between it was not, or its stated end had passed, or it was
-- issued where none was stated. So much is assumed: of a break that leaves no trace no log tells. What is there again after a break one
-- interval does not hold: proven is the time before the first, to the last that tells that it was there, and possible all until the last
-- end. A stated end is proven only where the profile says that every revocation is recorded, and the log does not contradict that by a use
-- after an end or a refusal before. Possible is all before as well, unless an issue comes first, and all after, if it was there, or perhaps,
-- after its last end.

DELETE FROM ledger.credential WHERE list_contains($runs, run);
DELETE FROM ledger.acceptance WHERE list_contains($runs, run);
DELETE FROM ledger.task_outcome WHERE list_contains($runs, run);

INSERT INTO ledger.credential BY NAME
WITH issued AS (
    -- A source may report one issue twice, with other words: the first tells who, the later end is the latest. First is by id,
    -- which orders a log whole: of two events of one instant a time would take either.
    -- What is issued by reason of renewal was there before, and whoever does that need not be who issued it.
    SELECT run, issued AS id, min(time) AS issued_at, max(time) AS issued_last, min(expires) AS ends_first, max(expires) AS expires,
           max(time) FILTER (expires IS NULL) AS untold_last, min(time) FILTER (reason IS DISTINCT FROM 'renewal') AS begun_at,
           max(time) FILTER (kind <> 'renew' AND reason IS DISTINCT FROM 'renewal') AS anew_last,
           arg_min(principal, e.id) FILTER (reason IS DISTINCT FROM 'renewal') AS issuer,
           arg_min(target, e.id) AS holder, arg_min(task, e.id) AS task, arg_min(scope_set, e.id) AS scope_set,
           arg_min(credential_kind, e.id) AS kind, arg_min(resolved, e.id) AS resolved, arg_min(binding, e.id) AS binding,
           arg_min(enforced, e.id) AS enforced
    FROM log.bare_event e
    WHERE run BETWEEN list_min($runs) AND list_max($runs) AND list_contains($runs, run)
      AND kind IN ('issue', 'renew', 'assume') AND issued IS NOT NULL
    GROUP BY ALL
), used AS (
    -- A clock that may be wrong proves so much less.
    SELECT run, credential AS id, min(time + to_microseconds(clock_error)) AS first_seen,
           min(time + to_microseconds(clock_error)) FILTER (presented_from IS NULL) AS first_undated,
           min(time + to_microseconds(clock_error)) FILTER (decision = 'allow') AS first_accepted,
           max(time - to_microseconds(clock_error)) FILTER (decision = 'allow') AS last_accepted,
           min(time + to_microseconds(clock_error)) FILTER (decision IS DISTINCT FROM 'deny') AS first_perhaps,
           max(time - to_microseconds(clock_error)) FILTER (decision IS DISTINCT FROM 'deny') AS last_perhaps,
           min(time - to_microseconds(clock_error)) FILTER (reason = 'expired' OR (reason = 'revoked' AND source_file IS NOT NULL)) AS refused_lo,
           min(time + to_microseconds(clock_error)) FILTER (reason = 'expired' OR (reason = 'revoked' AND source_file IS NOT NULL)) AS refused_hi,
           CASE WHEN count(*) = count(principal) AND min(principal) = max(principal) THEN min(principal) END AS only_user,
           arg_min(presented_kind, e.id) AS kind, arg_min(resolved, e.id) FILTER (issued IS NULL) AS resolved,
           min(presented_from) AS presented_from, min(presented_to) AS presented_first, max(presented_to) AS presented_to
    FROM log.bare_event e
    WHERE run BETWEEN list_min($runs) AND list_max($runs) AND list_contains($runs, run)
      AND credential IS NOT NULL AND kind IN ('use', 'assume', 'issue', 'revoke')
    GROUP BY ALL
), ended AS (
    SELECT run, issued AS id, min(time) AS ended_at, max(time) AS ended_last, arg_min(target, e.id) AS holder, arg_min(credential_kind, e.id) AS kind
    FROM log.bare_event e
    WHERE run BETWEEN list_min($runs) AND list_max($runs) AND list_contains($runs, run)
      AND kind = 'revoke' AND issued IS NOT NULL AND verifier IS NULL
    GROUP BY ALL
), listed AS (
    -- What a snapshot lists of an ingested log: it was there at that instant, whatever the log shows of it.
    SELECT c.* FROM fact.credential c JOIN log.run r USING (run)
    WHERE c.run BETWEEN list_min($runs) AND list_max($runs) AND list_contains($runs, c.run) AND r.kind = 'ingested' AND r.sees_scope
), known AS (
    -- Of a credential that is only ended, its end proves that it was there. Of one that only uses of unknown outcome show, the last of these may
    -- be the first that it was accepted for.
    SELECT run, id, coalesce(least(issued_at, presented_from, first_accepted, l.from_hi), ended_at, last_perhaps, first_seen) AS since,
           CASE WHEN least(begun_at, presented_from) <= least(first_undated, issued_at, ended_at, l.to_lo, 'infinity')
                THEN least(begun_at, presented_from, first_seen, l.from_hi)
                WHEN l.from_lo <= least(first_seen, issued_at, ended_at, 'infinity') THEN l.from_lo ELSE '-infinity' END AS from_lo,
           coalesce(greatest(last_accepted, issued_last, l.to_lo), presented_from, ended_at, last_perhaps, first_seen) AS proof,
           least(refused_lo, l.to_hi) AS gone, {since: since, proof: proof, stated: expires, ended_at: ended_at, gone: gone} AS first, ended_last, last_perhaps,
           least(coalesce(expires, presented_to), ended_at, refused_hi, l.to_hi, 'infinity') AS until,
           last_perhaps > until OR (gone < expires AND gone < coalesce(ended_at, 'infinity')) AS contradicted,
           greatest(last_accepted, issued_last, l.to_lo) > least(ends_first, presented_first, ended_at, refused_hi, l.to_hi)
               OR untold_last > issued_at OR least(first_perhaps, issued_at, l.to_lo) < anew_last AS perhaps_again,
           i.issuer, coalesce(i.holder, x.holder, l.holder, u.only_user) AS holder, i.task, i.scope_set,
           coalesce(i.kind, u.kind, x.kind, l.kind) AS kind, coalesce(i.resolved, u.resolved, l.resolved) AS resolved, i.binding, i.enforced,
           CASE WHEN expires IS NOT NULL OR ended_at IS NOT NULL OR l.id IS NOT NULL THEN 'stated' ELSE 'seen_use' END AS basis
    FROM issued i FULL JOIN used u USING (run, id) FULL JOIN ended x USING (run, id) FULL JOIN listed l USING (run, id)
), told AS (
    -- Of what may have been there several times, all that tells of it. What presents one and gives or ends another tells of both. A clock that may
    -- be wrong puts later that it was there, and sooner that it was not.
    SELECT e.run, e.of AS id, e.id AS event, about, about AND e.kind IN ('issue', 'assume') AND e.reason IS DISTINCT FROM 'renewal' AS anew,
           about AND e.kind = 'revoke' AS revoked,
           CASE WHEN about THEN NOT revoked WHEN e.reason = 'expired' OR (e.reason = 'revoked' AND e.source_file IS NOT NULL) THEN false
                WHEN e.decision = 'allow' THEN true END AS there,
           NOT about AND coalesce(there, e.decision IS DISTINCT FROM 'deny') AS used,
           e.time + to_microseconds(if(there, e.clock_error, -e.clock_error)) AS time,
           e.time + to_microseconds(if(there, -e.clock_error, e.clock_error)) AS proof,
           if(about, e.expires, NULL) AS expires, if(about, NULL, e.presented_to) AS presented_to
    FROM (SELECT *, unnest([true, false]) AS about, if(about, issued, credential) AS of FROM log.bare_event
          WHERE run BETWEEN list_min($runs) AND list_max($runs) AND list_contains($runs, run)) e
    JOIN (FROM known WHERE perhaps_again) k ON k.run = e.run AND k.id = e.of
    WHERE CASE WHEN about THEN e.kind IN ('issue', 'renew', 'assume') OR (e.kind = 'revoke' AND e.verifier IS NULL)
               ELSE e.kind IN ('use', 'assume', 'issue', 'revoke') AND e.credential IS DISTINCT FROM e.issued END
    UNION ALL BY NAME
    SELECT run, id, unnest([to_lo, to_hi]) AS time, time AS proof, unnest([if(to_lo >= from_hi, true, NULL), false]) AS there, false AS about
    FROM listed SEMI JOIN (FROM known WHERE perhaps_again) USING (run, id)
    UNION ALL BY NAME
    SELECT run, id, since AS time, since AS proof, true AS there FROM known WHERE perhaps_again
), placed AS (
    -- In order, of one instant as lives go: given, used, ended. Each after how many ends: what was to last until then does so no more.
    SELECT *, row_number() OVER upto AS place, sum(if(NOT there, 1, 0)) OVER upto AS ends
    FROM told WINDOW upto AS (PARTITION BY run, id ORDER BY time, coalesce(there, true) DESC, about DESC, event ROWS UNBOUNDED PRECEDING)
), counted AS (
    -- It is there anew after an end, when what was stated has passed, or when it is given and nothing was stated.
    SELECT *, sum(if(late, 1, 0)) OVER (PARTITION BY run, id ORDER BY place) AS nth
    FROM (SELECT *, bool_or(there OR used) OVER before AS been,
                 (there OR used) AND if(been, coalesce(max(expires) OVER before < time, max(if(there, presented_to, NULL)) OVER before < time,
                                                       anew AND min(if((there OR used) AND about IS NOT NULL, time, NULL)) OVER before < time),
                                        ends > 0) AS late
          FROM placed
          WINDOW before AS (PARTITION BY run, id, ends ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
), times AS (
    -- What is issued with no word of its end puts that off to nobody knows when. Of what is given and ended in one instant nobody knows the order.
    SELECT run, id, nth, min(time) FILTER (revoked) AS ended_at, max(expires) AS stated,
           min(time) FILTER (there) AS since, bool_or(used) AS perhaps, max(proof) FILTER (there) AS proof,
           min(time) FILTER (NOT there AND revoked IS NOT TRUE) AS gone,
           bool_or(late AND NOT about) AS unissued, min(time) FILTER (NOT there) = max(time) FILTER (about AND there) AS tied,
           least(CASE WHEN max(time) FILTER (about AND there AND expires IS NULL) > max(time) FILTER (expires IS NOT NULL) THEN 'infinity'
                      ELSE coalesce(stated, max(presented_to)) END, min(proof) FILTER (NOT there), 'infinity') AS until
    FROM counted GROUP BY run, id, nth
), again AS (
    SELECT run, id, min_by({since: since, proof: proof, stated: stated, ended_at: ended_at, gone: gone}, nth) FILTER (since IS NOT NULL) AS first,
           -- Whether it was there before the first that proves it nobody knows: then that may not be the first.
           min(nth) FILTER (perhaps) < min(nth) FILTER (since IS NOT NULL) AS doubted,
           if(bool_or(tied), 'infinity', max_by(until, nth)) AS until, max(since) AS since,
           coalesce(bool_or(unissued) OR bool_or(gone < stated AND gone < coalesce(ended_at, 'infinity')), false) AS contradicted
    FROM times GROUP BY run, id
)
SELECT k.run, p.name AS profile, k.id, coalesce(k.kind, 'unknown') AS kind, k.issuer, k.holder, k.task, k.scope_set,
       coalesce(k.resolved, 'unknown') AS resolved, coalesce(k.binding, 'unknown') AS binding, k.enforced, k.from_lo, t.first.since AS from_hi,
       CASE WHEN a.doubted THEN from_hi
            WHEN t.first.ended_at <= least(t.first.stated, t.first.gone, 'infinity') THEN t.first.ended_at
            WHEN t.whole AND t.first.stated <= least(t.first.ended_at, t.first.gone, 'infinity') THEN t.first.stated
            ELSE least(t.first.proof, t.first.gone) END AS to_lo,
       CASE WHEN k.last_perhaps > t.until THEN 'infinity'
            ELSE greatest(t.until, to_lo, a.since, CASE WHEN NOT t.whole THEN k.ended_last END) END AS to_hi,
       k.basis
FROM known k
LEFT JOIN again a USING (run, id)
JOIN log.run r USING (run)
JOIN fact.log_profile p ON p.name = r.profile,
     LATERAL (SELECT coalesce(a.first, k.first) AS first, coalesce(a.until, k.until) AS until,
                     p.revocations_complete AND r.sees_every_event AND coalesce(a.contradicted, k.contradicted) IS NOT TRUE AS whole) t;

INSERT INTO ledger.acceptance BY NAME
SELECT e.run, r.profile, e.issued AS credential, e.verifier, min(e.time) AS until_lo, min(e.time) AS until_hi,
       arg_min(e.reason, e.id)::VARCHAR::end_reason AS reason
FROM log.bare_event e JOIN log.run r USING (run)
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
FROM log.bare_event e JOIN log.run r USING (run)
WHERE e.run BETWEEN list_min($runs) AND list_max($runs) AND list_contains($runs, e.run)
  AND e.task IS NOT NULL AND e.kind IN ('task_start', 'task_end', 'spawn')
GROUP BY e.run, r.profile, e.task
HAVING min(e.time) FILTER (e.kind = 'task_start') IS NOT NULL;
