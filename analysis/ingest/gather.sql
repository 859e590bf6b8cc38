-- What of all that was read becomes the events of one run, numbered by time, and among equals by id and content, so that
-- the order of files changes nothing. `chosen`: the files of the run, as often as they lie there, in the order of their paths.

CREATE OR REPLACE TEMP TABLE logged AS
SELECT number AS file FROM workbench.file WHERE source IS NOT NULL AND NOT list_contains($snapshots, source);

-- Pages of lists of which the last is not here. Which page comes next none of them says.
CREATE OR REPLACE TEMP TABLE open_list AS
WITH page AS (SELECT p.*, f.source FROM workbench.page p JOIN workbench.file f ON f.number = p.file WHERE p.file IN (SELECT file FROM chosen))
SELECT DISTINCT file FROM page p
WHERE more AND NOT EXISTS (FROM page l WHERE NOT l.more AND l.source = p.source
                            AND (starts_with(l.of_list, p.of_list) OR starts_with(p.of_list, l.of_list)));

-- Who tells the same again, to the letter, tells nothing new; where other records beside it say more, it is taken there. `place`:
-- where it lies on the workbench.
CREATE OR REPLACE TEMP TABLE read_first AS
SELECT c.number AS source_file, o.rowid AS place, o.file, o.position, o.part, o.id, o.stage, o.time, o.digest_1, o.digest_2
FROM workbench.observed o JOIN chosen c ON c.file = o.file
QUALIFY row_number() OVER (PARTITION BY o.digest_1, o.digest_2, o.part ORDER BY o.beside DESC NULLS LAST, c.number, o.position) = 1;

-- What such a record says where less lies beside it: nothing of it counts. Mostly there is none.
CREATE OR REPLACE TEMP TABLE outdone AS
SELECT o.rowid AS place FROM workbench.observed o SEMI JOIN chosen c ON c.file = o.file ANTI JOIN read_first r ON r.place = o.rowid
WHERE o.beside IS NOT NULL;

-- Several records of one event: each a stage of its own. Where two of the same id are the same stage, each is an event; and
-- where they are not of the same operation on the same by the same principal, as far as told: some ids are chosen by who asks.
-- Negative stages are forms that keep less: of one instant and one credential, what was touched each says as well as it can, and
-- it is the fullest that the event is known by.
CREATE OR REPLACE TEMP TABLE merging AS
SELECT r.id, CASE WHEN min(r.stage) < 0 THEN max(r.stage) ELSE min(r.stage) END AS known_by
FROM read_first r JOIN workbench.observed o ON o.rowid = r.place
WHERE r.stage IS NOT NULL AND r.id IN (SELECT id FROM read_first WHERE stage IS NOT NULL GROUP BY id HAVING count(*) > 1)
GROUP BY r.id
HAVING count(DISTINCT r.stage) = count(*) AND count(DISTINCT o.operation) = 1 AND count(DISTINCT o.principal) <= 1
   AND CASE WHEN min(r.stage) < 0 THEN count(DISTINCT r.time) = 1 AND count(DISTINCT o.credential) <= 1
            ELSE count(DISTINCT o.resource) <= 1 AND count(DISTINCT o.resource_group) <= 1 END;

-- An event is known by where it is told first. What else goes by its id is told apart by a number; an id that ends in what
-- looks like one gets another. Where a log is there, a snapshot's word on when something was last used is no event of its own.
CREATE OR REPLACE TEMP TABLE kept AS
SELECT source_file, place, file, position, part, id, merges, (row_number() OVER (ORDER BY time, id, digest_1, digest_2, part) - 1)::BIGINT AS event,
       CASE WHEN again > 1 OR regexp_matches(id, '#\d+$') THEN id || '#' || again ELSE id END AS name, again > 1 AS collides
FROM (SELECT r.*, m.id IS NOT NULL AND r.stage IS NOT NULL AS merges, row_number() OVER (PARTITION BY r.id ORDER BY r.time, r.digest_1, r.digest_2, r.part) AS again
      FROM read_first r LEFT JOIN merging m USING (id)
      WHERE (m.id IS NULL OR r.stage IS NULL OR r.stage = m.known_by)
        AND (r.file IN (FROM logged) OR NOT EXISTS (FROM read_first SEMI JOIN logged USING (file))));

-- Events that are told in several records: mostly none, which is not to be found out each time that all are asked for.
-- The latest word on each thing counts, and the first on when it began. Where each tells only that, none tells how long it took.
-- Joined as it stands here: what is joined to many wide rows is few or narrow.
SET disabled_optimizers = 'join_order,build_side_probe_side';
CREATE OR REPLACE TEMP TABLE told_in_several AS
SELECT k.event, k.source_file, k.position AS ordinal, k.name, nullif(max(o.time) - min(o.time), INTERVAL 0 SECONDS) AS took, min(o.time) AS time,
       arg_max(COLUMNS(o.* EXCLUDE (file, position, part, digest_1, digest_2, beside, id, stage, time, keeps)), o.stage),
       -- What each of them claims of their log.
       CASE WHEN count(o.keeps) = count(*) THEN array_to_string(list_reduce(list(string_split(o.keeps, ' ')), lambda one, other: list_intersect(one, other)), ' ')
            WHEN count(o.keeps) > 0 THEN '' END AS keeps
FROM workbench.observed o
JOIN (SELECT k.event, k.source_file, k.position, k.name, r.place
      FROM read_first r JOIN (FROM kept WHERE merges) k ON k.id = r.id
      WHERE r.stage IS NOT NULL) k ON k.place = o.rowid
GROUP BY k.event, k.source_file, k.position, k.name;
RESET disabled_optimizers;

CREATE OR REPLACE TEMP VIEW told AS
SELECT k.event, k.source_file, k.position AS ordinal, k.name, NULL::INTERVAL AS took, o.time,
       o.* EXCLUDE (file, position, part, digest_1, digest_2, beside, id, stage, time)
FROM workbench.observed o JOIN kept k ON k.place = o.rowid
WHERE NOT k.merges
UNION ALL BY NAME
FROM told_in_several;
