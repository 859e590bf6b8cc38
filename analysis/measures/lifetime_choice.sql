-- title: Lifetime choice
-- question: How long must a credential for this class of resources live, can its platform give that, and what does each longer life cost?
-- unit: seconds | longest, p99, sufficient, shortest, longest_cut, got, got_cut; percent of tasks | breaks_percent; credential-hours per agent-day | idle; issues per second | quota, peak; percent of the platform's issues per second | quota_percent
-- grain: run, class, platform, life, stat
-- unfinished: tasks whose first need of the class lies in the window count; one that is not over by its end needs the class at least for its time so far: what is certain to break is lo, what may break is hi, and a length that falls on such a one has no hi; what is issued until then for one that goes on is issued perhaps
-- assumes: class: the tier of the resource group, on each platform whose credentials its system takes, because a credential is of one platform
-- assumes: all: every tier there
-- assumes: every task for itself, sub-tasks too, from its first action of the class to the last, refused ones too, without the waiting for control in between: that depends on the model, comes on top, and is added_latency
-- assumes: of tasks given up, also what they would have begun before the window's end
-- assumes: need: p99, longest: seconds of that
-- assumes: sufficient: the shortest lifetime that breaks at most most_percent of tasks, which at 1 percent is p99 of a run
-- assumes: offered: how long a credential of the platform lives at least and at most, cut from another at most, and how many it issues in a second (quota)
-- assumes: offered: without a figure where there is no limit, and not known where nobody told its terms or it publishes no number
-- assumes: a life: what comes of it if a control model asks for that
-- assumes: got, got_cut: it, or the nearest that the platform gives, got_cut of what is cut from another credential
-- assumes: got, got_cut, idle: without a figure where keys never end
-- assumes: breaks_percent, idle, peak, quota_percent: of the life that is got, and where terms are not known of the one asked for
-- assumes: breaks_percent: of these tasks, those that outlast a credential which is issued at their first need and not renewed
-- assumes: idle: hours per agent-day in which such credentials, revoked by nobody, open the class outside that need: a sum over tasks, so that it may pass 24, each followed to the end of its credential, even past the window's; where a log shows no credential, who is no agent but makes calls is one at most
-- assumes: peak: the most that are issued in any peak_s of the window, by the second, if each task, also one that began before, is given one at its first need and another whenever that ends and the class is still needed, nothing waits, and tiers share no credential
-- assumes: peak: nothing is issued where keys never end
-- assumes: quota_percent: that beside what the platform issues at most, all of which is left to these agents
-- assumes: on a log only where need is known, and nothing of a class in which some call has no known length, because whether that was needed nobody knows
-- parameter: most_percent = 1 in [0, 100] | percent of tasks that may outlast their credential
-- parameter: peak_s = 60 in [1, 86400] | seconds over which issues are counted, where they come closest
-- pool: observations | limits | most_percent of sufficient
-- counts: tallied
-- terms: * offered *, got, got_cut
-- source: least lifetime as a quantile of the length of need, and what is left of a lifetime after it: excess over need; limits of lifetime and issue as the platform's documents state them, which fact.platform names
WITH asked AS (
    SELECT unnest(['1_min', '15_min', '1_hour', '12_hours']) AS life, unnest([60, 900, 3600, 43200]::DOUBLE[]) AS seconds
), atoms AS (
    SELECT run, atom, 'tier_' || tier AS class, coalesce(platform, 'unknown') AS platform FROM catalogue
), terms_of AS (
    SELECT q.run, q.platform, o.shortest, o.longest, o.longest_cut, o.per_second, o.name IS NULL AS untold
    FROM (SELECT DISTINCT r.run, coalesce(a.platform, 'unknown') AS platform FROM run r LEFT JOIN atoms a USING (run)) q
    LEFT JOIN platform o ON o.run = q.run AND o.name = q.platform
), lives AS (
    -- Of a life that is not got nobody knows what comes instead, if no terms are told.
    SELECT run, platform, life, seconds, untold,
           CASE WHEN NOT untold THEN least(greatest(seconds, shortest), longest) END AS got,
           CASE WHEN NOT untold THEN least(got, longest_cut) END AS got_cut,
           CASE WHEN isfinite(coalesce(got, seconds)) THEN (coalesce(got, seconds) * 1e6)::BIGINT END AS us
    FROM terms_of CROSS JOIN asked
), waits AS (
    -- Of overlapping waits of a task each the part that no earlier one reaches.
    SELECT run, task, starts AS ends,
           greatest(requested, max(starts) OVER (PARTITION BY run, task ORDER BY requested, starts
                                                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS starts
    FROM need WHERE requested < starts
), doubtful AS (
    -- Whether all else in its task waited for it, nobody knows.
    SELECT DISTINCT run, task FROM need WHERE met IS NULL AND coalesce(requested < starts, true)
), spans AS (
    SELECT n.run, n.task, k.class, k.platform, min(n.starts) AS starts, max(n.ends) AS ends,
           -- Where the first of them may have been none, when the first began at the latest.
           coalesce(min(n.starts) FILTER (n.met IS NOT NULL), max(n.starts)) AS begins_by,
           bool_or(n.ends IS NULL OR n.met IS NULL OR d.run IS NOT NULL) AS unclear
    FROM need n JOIN atoms k ON k.run = n.run AND k.atom = n.atom
    LEFT JOIN doubtful d ON d.run = n.run AND d.task = n.task
    GROUP BY ALL
), every_length AS (
    SELECT s.run, s.task, s.class, s.platform, s.unclear, s.starts, s.begins_by, r.t0, r.t1, NOT coalesce(t.ended < r.t1, false) AS open,
           (epoch_us(s.ends) - epoch_us(s.starts) - coalesce(sum(exposed_us(w.starts, w.ends, s.starts, s.ends)), 0))::BIGINT AS us
    FROM spans s
    JOIN run r ON r.run = s.run
    LEFT JOIN task t ON t.run = s.run AND t.id = s.task
    LEFT JOIN waits w ON w.run = s.run AND w.task = s.task AND w.starts < w.ends
    WHERE s.starts < r.t1 AND (s.starts >= r.t0 OR coalesce(s.ends > r.t0, true) OR NOT coalesce(t.ended < r.t1, false))
    GROUP BY s.run, s.task, s.class, s.platform, s.unclear, s.starts, s.begins_by, s.ends, t.ended, r.t0, r.t1
), lengths AS (
    FROM every_length WHERE starts >= t0
), observations AS (
    SELECT run, class, platform, us / 1e6 AS lo, CASE WHEN NOT open THEN us / 1e6 END AS hi FROM lengths
), ranked AS (
    -- What is open may turn out to be longer than anything that is over.
    SELECT run, class, platform, lo, coalesce(hi, 'infinity'::DOUBLE) AS most, count(*) OVER (PARTITION BY run, class, platform) AS tasks,
           rank() OVER (PARTITION BY run, class, platform ORDER BY lo DESC) - 1 AS longer,
           rank() OVER (PARTITION BY run, class, platform ORDER BY hi DESC NULLS FIRST) - 1 AS may_be_longer
    FROM observations
), chosen AS (
    SELECT run, class, platform, 'need' AS life, unnest(['p99', 'longest', 'sufficient']) AS stat,
           unnest([quantile_disc(lo, 0.99), max(lo), min(lo) FILTER (100 * longer <= $most_percent * tasks)]) AS lo,
           unnest([quantile_disc(most, 0.99), max(most), min(most) FILTER (100 * may_be_longer <= $most_percent * tasks)]) AS hi
    FROM ranked GROUP BY run, class, platform
), tried AS (
    SELECT l.run, l.class, l.platform, v.life, count(*) AS tasks, count(*) FILTER (coalesce(l.us > v.us, false)) AS breaking,
           count(*) FILTER (v.us IS NOT NULL AND (l.open OR l.us > v.us)) AS may_break,
           coalesce(sum(greatest(v.us - l.us, 0)) FILTER (NOT l.open), 0) / 3.6e9 AS idle,
           sum(greatest(v.us - l.us, 0)) / 3.6e9 AS may_idle
    FROM lengths l JOIN lives v USING (run, platform) GROUP BY ALL
), tallied AS (
    SELECT run, class, platform, life, 'breaks_percent' AS stat, breaking AS hits, tasks AS trials FROM tried
), places AS (
    SELECT DISTINCT run, class, platform FROM atoms UNION ALL SELECT run, 'all', platform FROM terms_of
), counters AS (
    -- A number for each class, platform and life: many issues are sorted by it.
    SELECT row_number() OVER ()::INTEGER AS counter, p.run, p.class, p.platform, v.life FROM places p JOIN lives v USING (run, platform)
), ordered AS (
    -- When the first is issued in the window, and how many are, one after the other, at least, which may be less than none, and at most.
    SELECT run, class, platform, life, starts + before * us AS starts, us, least(issues, open_until) - before AS issues,
           least(may_issue, open_until) - before AS may_issue
    FROM (SELECT l.run, l.class, l.platform, v.life, epoch_us(l.starts) AS starts, v.us, greatest(1, (l.us + v.us - 1) // v.us) AS issues,
                 (epoch_us(l.t1) - epoch_us(l.starts) + v.us - 1) // v.us AS open_until,
                 CASE WHEN l.open THEN greatest(issues, open_until) ELSE issues END AS may_issue,
                 greatest(0, (epoch_us(l.t0) - epoch_us(l.starts) + v.us - 1) // v.us) AS before
          FROM every_length l JOIN lives v USING (run, platform)
          WHERE v.us IS NOT NULL AND l.us IS NOT NULL)
    WHERE least(may_issue, open_until) > before
), issued AS (
    -- Each counts for peak_s (`w`). Where that is a multiple of the life, each is issued when one before it (`apart`) counts no longer: these
    -- are told as one, certain until `ends`, possible until `may_end`.
    SELECT run, class, platform, life, starts + n * us AS starts, starts + n * us + w * ((greatest(issues, n) - n + apart - 1) // apart) AS ends,
           starts + n * us + w * ((may_issue - n + apart - 1) // apart) AS may_end
    FROM (SELECT *, unnest(range(least(apart, may_issue))) AS n
          FROM (SELECT *, (1_000_000 * $peak_s)::BIGINT AS w, CASE WHEN w % us = 0 THEN w // us ELSE may_issue END AS apart FROM ordered))
), edge AS (
    -- Each comes, is no longer certain, and is no longer possible, in the counter of its class and in that of all.
    SELECT n.counter, unnest(CASE WHEN i.ends = i.may_end THEN [i.starts, i.ends] ELSE [i.starts, i.ends, i.may_end] END) AS time,
           unnest(CASE WHEN i.ends = i.may_end THEN [1, -1] ELSE [1, 0, -1] END) AS may_issue,
           unnest(CASE WHEN i.ends = i.may_end THEN [1, -1] WHEN i.ends > i.starts THEN [1, -1, 0] ELSE [0, 0, 0] END) AS issues
    FROM issued i JOIN counters n ON n.run = i.run AND n.platform = i.platform AND n.life = i.life AND n.class IN (i.class, 'all')
), crowds AS (
    -- At one instant what no longer counts goes (-1, 0) before what is issued comes (+1). Each counter comes to nothing before the next begins.
    SELECT counter, sum(issues) OVER upto AS issues, sum(may_issue) OVER upto AS may_issue
    FROM edge WINDOW upto AS (ORDER BY counter, time, may_issue ROWS UNBOUNDED PRECEDING)
), peaks AS (
    SELECT run, class, platform, life, k.issues / $peak_s AS lo, k.may_issue / $peak_s AS hi
    FROM counters JOIN (SELECT counter, max(issues) AS issues, max(may_issue) AS may_issue FROM crowds GROUP BY counter) k USING (counter)
), days AS (
    SELECT run, proven(days, bound) AS most, at_most(days, bound) AS least, max(unsure) AS unsure FROM agent_days GROUP BY run
), open_ended AS (
    -- Of those that begin in the window, and of all that are under way in it, which may be issued something.
    SELECT run, class, platform, of_all, count(*) FILTER (open OR unclear) AS unknowns, bool_or(unclear) AS unclear
    FROM (FROM every_length UNION ALL SELECT * REPLACE ('all' AS class) FROM every_length) CROSS JOIN (SELECT unnest([false, true]) AS of_all)
    WHERE of_all OR starts >= t0 OR (unclear AND begins_by >= t0) GROUP BY run, class, platform, of_all
), needed AS (
    FROM chosen
    UNION ALL
    SELECT run, class, platform, life, 'breaks_percent', 100.0 * breaking / tasks, 100.0 * may_break / tasks FROM tried
    UNION ALL
    SELECT p.run, p.class, p.platform, v.life, 'idle', CASE WHEN v.us IS NOT NULL THEN coalesce(t.idle, 0) / d.most END,
           CASE WHEN v.us IS NOT NULL THEN coalesce(t.may_idle, 0) / d.least END
    FROM places p JOIN lives v USING (run, platform) JOIN days d USING (run) LEFT JOIN tried t USING (run, class, platform, life)
    UNION ALL
    SELECT p.run, p.class, p.platform, v.life, 'peak', coalesce(k.lo, 0), coalesce(k.hi, 0)
    FROM places p JOIN lives v USING (run, platform) LEFT JOIN peaks k USING (run, class, platform, life)
    UNION ALL
    SELECT p.run, p.class, p.platform, v.life, 'quota_percent', 100 * coalesce(k.lo, 0) / o.per_second, 100 * coalesce(k.hi, 0) / o.per_second
    FROM places p JOIN lives v USING (run, platform) JOIN terms_of o USING (run, platform) LEFT JOIN peaks k USING (run, class, platform, life)
), terms AS (
    SELECT run, platform, 'offered' AS life, unnest(['shortest', 'longest', 'longest_cut', 'quota']) AS stat,
           unnest([shortest, longest, longest_cut, per_second]) AS value, stat = 'quota' AND per_second IS NULL AS unpublished, untold
    FROM terms_of
    UNION ALL
    SELECT run, platform, life, unnest(['got', 'got_cut']), unnest([got, got_cut]), false, untold FROM lives
), listed AS (
    SELECT 'need' AS life, 0 AS seconds, unnest(['p99', 'longest', 'sufficient']) AS stat, false AS of_all
    UNION ALL
    SELECT life, seconds, unnest(['breaks_percent', 'idle', 'peak', 'quota_percent']), unnest([false, false, true, true]) FROM asked
), told AS (
    SELECT p.run, p.class, p.platform, g.life, g.seconds, g.stat,
           CASE WHEN r.sees_need AND NOT coalesce(u.unclear, false) THEN s.lo END AS lo,
           CASE WHEN r.sees_need AND NOT coalesce(u.unclear, false) AND isfinite(s.hi) THEN s.hi END AS hi,
           CASE WHEN r.sees_need THEN coalesce(u.unknowns, 0) ELSE 1 END
           + CASE WHEN g.stat = 'quota_percent' AND o.per_second IS NULL THEN 1 WHEN g.stat = 'idle' THEN d.unsure ELSE 0 END AS unknowns
    FROM places p
    JOIN run r ON r.run = p.run
    JOIN terms_of o ON o.run = p.run AND o.platform = p.platform
    JOIN days d ON d.run = p.run
    JOIN listed g ON g.of_all OR p.class <> 'all'
    LEFT JOIN needed s ON s.run = p.run AND s.class = p.class AND s.platform = p.platform AND s.life = g.life AND s.stat = g.stat
    LEFT JOIN open_ended u ON u.run = p.run AND u.class = p.class AND u.platform = p.platform AND u.of_all = g.of_all
    UNION ALL
    SELECT p.run, p.class, p.platform, t.life, CASE t.life WHEN 'offered' THEN 0.5 ELSE a.seconds END, t.stat,
           CASE WHEN isfinite(t.value) THEN t.value END, CASE WHEN isfinite(t.value) THEN t.value END,
           CASE WHEN t.untold OR t.unpublished THEN 1 ELSE 0 END
    FROM places p JOIN terms t USING (run, platform) LEFT JOIN asked a USING (life)
    WHERE p.class <> 'all'
)
SELECT run, class, platform, life, stat, lo, hi, unknowns FROM told ORDER BY run, class, platform, seconds, stat
