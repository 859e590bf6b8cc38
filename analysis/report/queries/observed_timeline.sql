-- Events of a log (search_path log) in $pieces equal parts of its window: not refused, refused, credentials issued or ended.
SELECT least($pieces - 1, floor($pieces * (epoch_us(e.time) - epoch_us(r.t0)) / (epoch_us(r.t1) - epoch_us(r.t0))))::INTEGER AS piece,
       count(*) FILTER (e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny') AS used,
       count(*) FILTER (e.decision = 'deny') AS refused,
       count(*) FILTER (e.kind <> 'use' AND e.decision IS DISTINCT FROM 'deny') AS issued_or_ended
FROM bare_event e JOIN run r USING (run)
WHERE e.time >= r.t0 AND e.time < r.t1
GROUP BY piece
ORDER BY piece
