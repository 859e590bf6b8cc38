-- title: Cascade
-- question: When a credential is ended before its time, which share of what was cut from it is accepted nowhere any more at once, 1, 5 and 60 minutes later?
-- unit: credentials | cut; percent of them | ended_*
-- grain: run, stat
-- unfinished: ends that begin in the window's last hour are left out, because an hour cannot be followed
-- assumes: cut: what came from a credential, directly or through others, before its end was begun, and was still accepted somewhere then
-- assumes: what had expired or ended before is no success of the cascade and does not count. Each counts once, from the first such end above it. ended_*: of those, how many no verifier accepts any more so long after the end was begun, whatever ended them: expiry within that time too. A renewal is not cut from what it renews. Where it is not known until when one was accepted, lo takes it for a failure and hi for a success. On a log, of those that it shows what they were cut from (where somebody became somebody else, or a use tells it)
-- assumes: how many more there are it does not say
-- source: cascade-revoke completeness at +1, +5 and +60 minutes
WITH RECURSIVE begun AS (
    SELECT run, issued AS credential, min(coalesce(requested, time)) AS since
    FROM bare_event WHERE kind = 'revoke' AND issued IS NOT NULL
    GROUP BY run, issued
), below AS (
    SELECT b.run, b.credential AS above, g.child, b.since
    FROM begun b JOIN credential_edge g ON g.run = b.run AND g.parent = b.credential AND g.kind <> 'renewed'
    UNION
    SELECT b.run, b.above, g.child, b.since
    FROM below b JOIN credential_edge g ON g.run = b.run AND g.parent = b.child AND g.kind <> 'renewed'
), followed AS (
    SELECT b.run, b.child AS credential, min(b.since) AS since
    FROM below b JOIN credential c ON c.run = b.run AND c.id = b.child
    WHERE b.child <> b.above AND coalesce(c.from_lo < b.since, true)
    GROUP BY b.run, b.child
), ended AS (
    -- Accepted until then at least, and at most.
    SELECT f.run, f.credential, f.since,
           coalesce(max(c.ends) FILTER (c.bound <> 'hi'), '-infinity'::TIMESTAMP) AS proven,
           coalesce(max(coalesce(c.ends, 'infinity'::TIMESTAMP)) FILTER (c.bound <> 'lo'), '-infinity'::TIMESTAMP) AS possible
    FROM followed f
    JOIN run r ON r.run = f.run AND f.since >= r.t0 AND f.since + to_minutes(60) < r.t1
    LEFT JOIN carried c ON c.run = f.run AND c.credential = f.credential
    GROUP BY f.run, f.credential, f.since
), later AS (
    SELECT e.*, m.minutes, e.since + to_minutes(m.minutes) AS asked
    FROM (FROM ended WHERE possible >= since) e CROSS JOIN (SELECT unnest([0, 1, 5, 60]) AS minutes) m
), counted AS (
    -- Least where whatever may be a failure is one and the rest that may not count does not; most the other way round.
    SELECT run, minutes, count(*) FILTER (proven >= since) AS least, count(*) AS most,
           count(*) FILTER (proven >= since AND possible <= asked) AS surely_gone, count(*) FILTER (possible > asked) AS maybe_there,
           count(*) FILTER (proven <= asked) AS maybe_gone, count(*) FILTER (proven > asked) AS surely_there,
           count(*) FILTER (proven < since) AS maybe_none, count(*) FILTER (proven < since OR (proven <= asked AND possible > asked)) AS unknowns
    FROM later GROUP BY run, minutes
), shares AS (
    SELECT run, format('ended_{}_min', minutes) AS stat, 100.0 * maybe_gone / (maybe_gone + surely_there) AS hi,
           coalesce(100.0 * surely_gone / nullif(surely_gone + maybe_there, 0), hi) AS lo, unknowns
    FROM counted
    UNION ALL
    SELECT run, 'cut', most, least, maybe_none FROM counted WHERE minutes = 0
)
SELECT r.run, g.stat, CASE WHEN r.sees_credentials THEN CASE WHEN g.stat = 'cut' THEN coalesce(s.lo, 0) ELSE s.lo END END AS lo,
       CASE WHEN r.sees_credentials AND (g.stat <> 'cut' OR on_truth())
            THEN CASE WHEN g.stat = 'cut' THEN coalesce(s.hi, 0) ELSE s.hi END END AS hi,
       coalesce(s.unknowns, 0) AS unknowns
FROM run r
CROSS JOIN (SELECT unnest(['cut', 'ended_0_min', 'ended_1_min', 'ended_5_min', 'ended_60_min']) AS stat) g
LEFT JOIN shares s ON s.run = r.run AND s.stat = g.stat
ORDER BY r.run, g.stat
