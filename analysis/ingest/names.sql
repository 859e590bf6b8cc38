-- Sources name things, the store counts them: from 0, in the order of their names, so that the same names get the same
-- numbers in whatever order their records were read. What records say that were read before has been named already.

CREATE OR REPLACE TEMP VIEW saying AS
FROM workbench.observed o SEMI JOIN chosen c ON c.file = o.file ANTI JOIN outdone u ON u.place = o.rowid;

CREATE OR REPLACE TEMP VIEW standing AS FROM workbench.listed l SEMI JOIN chosen c ON c.file = l.file;

CREATE OR REPLACE TEMP TABLE named AS
SELECT entity, name, (row_number() OVER (PARTITION BY entity ORDER BY name) - 1)::BIGINT AS id
FROM (SELECT 'principal' AS entity, principal AS name FROM saying UNION SELECT 'principal', principal_role FROM saying
      UNION SELECT 'principal', target FROM saying UNION SELECT 'principal', target_role FROM saying
      UNION SELECT 'principal', name FROM standing WHERE what IN ('identity', 'trust')
      UNION SELECT 'principal', holder FROM standing WHERE holder <> '*'
      UNION SELECT 'principal', unnest(from_json(groups, '["VARCHAR"]')) FROM standing
      UNION SELECT 'credential', name FROM listed_key
      UNION SELECT 'credential', credential FROM saying UNION SELECT 'credential', issued FROM saying
      UNION SELECT 'credential', presented_parent FROM saying
      UNION SELECT 'session', session FROM saying
      UNION SELECT 'task', task FROM saying UNION SELECT 'task', parent_task FROM saying
      UNION SELECT 'action', action FROM saying
      UNION SELECT 'approval', approval FROM saying
      UNION SELECT 'resource', resource FROM saying)
WHERE name IS NOT NULL;

CREATE OR REPLACE TEMP TABLE atom AS
-- A tier and a sensitivity are the group's, a privilege the level's; where records declare several, the highest holds.
SELECT (row_number() OVER (ORDER BY atom_group, atom_level) - 1)::INTEGER AS atom, atom_group, atom_level,
       max(max(tier)) OVER of_group AS tier, max(max(sensitivity)) OVER of_group AS sensitivity, max(max(privilege)) OVER of_level AS privilege
FROM (SELECT atom_group, atom_level, tier, sensitivity, privilege FROM saying WHERE atom_group IS NOT NULL
      UNION ALL SELECT atom_group, atom_level, NULL, NULL, NULL FROM scope_atom)
GROUP BY atom_group, atom_level
WINDOW of_group AS (PARTITION BY atom_group), of_level AS (PARTITION BY atom_level);
