-- title: Offered load
-- question: How much of what agents and approvers could do is asked of them by the work that arrives?
-- unit: percent of capacity
-- grain: run, pool
-- unfinished: work that arrived in the window counts whole, done or not, and with it every approval that it still waits for or has not come to ask for
-- evidence: truth
-- assumes: agents: thought and tool time of all tasks that arrived, sub-agents as if one after the other, over agents x concurrency; approvers: what all tasks that arrived will ask of the desk, by ticket too, if nobody waits and everybody agrees, times the scenario's mean inspection, over staff x opening hours, because an agent that waits asks no more meanwhile; what owners and people on call are asked is no load of theirs, but what is not taken up there and goes on to the desk in the window is; requests made again after a refusal come on top. At 100 and above the result depends on the horizon
-- source: queueing theory: rho = arrival rate x mean service time / servers
WITH work AS (
    -- Task by task first: of what is done in them there is much more.
    SELECT a.run, sum(a.us)::HUGEINT AS busy_us
    FROM (SELECT run, task, sum(think + duration) AS us FROM action GROUP BY run, task) a
    JOIN task t ON t.run = a.run AND t.id = a.task
    JOIN task root ON root.run = t.run AND root.id = t.root
    JOIN run r ON r.run = a.run
    WHERE root.arrival >= r.t0 AND root.arrival < r.t1
    GROUP BY a.run
), inspections AS (
    -- Each is an inspection of the scenario's lognormal mean, whether or not somebody ever gets to it.
    SELECT d.run, sum(d.approvals) * (r.scenario ->> '$.approvers.inspection_median_s')::DOUBLE
                  * exp((r.scenario ->> '$.approvers.inspection_sigma')::DOUBLE ** 2 / 2) * 1e6 AS busy_us
    FROM (
        SELECT d.run, d.approvals
        FROM demand d JOIN run r USING (run) JOIN task t ON t.run = d.run AND t.id = d.task
        WHERE of_desk(d.asked) AND t.arrival >= r.t0 AND t.arrival < r.t1
        UNION ALL
        SELECT e.run, 1
        FROM bare_event e JOIN run r USING (run)
        WHERE e.kind = 'escalate' AND of_desk(e.asked) AND e.time >= r.t0 AND e.time < r.t1
    ) d JOIN run r USING (run)
    GROUP BY d.run, r.scenario
), opening AS (
    SELECT run, sum(exposed_us(o.opens, o.closes, r.t0, r.t1)) AS open_us FROM opening_hours('run') o JOIN run r USING (run) GROUP BY run
), loads AS (
    SELECT r.run, 'agents' AS pool,
           100.0 * coalesce(w.busy_us, 0) / d.days / 86400e6 / (r.scenario ->> '$.fleet.concurrency')::INTEGER AS value
    FROM run r JOIN agent_days d USING (run) LEFT JOIN work w USING (run)
    UNION ALL
    SELECT r.run, 'approvers',
           100.0 * coalesce(i.busy_us, 0) / nullif(o.open_us, 0) / (r.scenario ->> '$.approvers.staff')::INTEGER
    FROM run r LEFT JOIN opening o USING (run) LEFT JOIN inspections i USING (run)
)
SELECT run, pool, value AS lo, value AS hi, CASE WHEN value IS NULL THEN 1 ELSE 0 END AS unknowns FROM loads ORDER BY run, pool
