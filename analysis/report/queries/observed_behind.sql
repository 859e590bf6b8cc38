-- Whose credentials lie behind what a log (search_path log) proves, by measure and the first word of its row.
WITH proven AS (
    SELECT h.run, h.holder, h.credential, h.atom, is_jewel(k.tier, k.level) AS jewel,
           epoch_us(h.ends) - epoch_us(h.starts) AS held_us,
           coalesce(sum(epoch_us(least(n.ends, h.ends)) - epoch_us(greatest(n.starts, h.starts)))
                    FILTER (n.run IS NOT NULL), 0) AS needed_us
    FROM held h
    JOIN catalogue k USING (run, atom)
    LEFT JOIN task_stretch n ON n.run = h.run AND n.principal = h.holder AND n.atom = h.atom AND n.bound = 'lo'
         AND n.starts < h.ends AND n.ends > h.starts
    WHERE h.bound = 'lo' AND h.starts < h.ends
    GROUP BY h.run, h.holder, h.credential, h.atom, k.tier, k.level, h.starts, h.ends
), behind AS (
    SELECT 'crown_jewel_hours' AS measure, 'held' AS part, run, holder FROM proven WHERE jewel AND needed_us < held_us
    UNION ALL
    SELECT 'privilege_hours', 'held', run, holder FROM proven
    UNION ALL
    SELECT 'privilege_hours', 'standing_task', run, holder FROM proven WHERE needed_us < held_us
)
SELECT b.measure, b.part, p.name, count(*) AS held
FROM behind b JOIN principal p ON p.run = b.run AND p.id = b.holder
GROUP BY b.measure, b.part, p.id, p.name
ORDER BY b.measure, b.part, held DESC, p.name
