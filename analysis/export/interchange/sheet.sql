-- The same as a sheet takes it. A text that a spreadsheet would take for a formula has an apostrophe before it, and so has one that
-- would look as if it had: whoever reads the rows again takes one off (analysis/ingest/interchange/rows.py).
CREATE TEMP MACRO plainly(cell) AS
    CASE WHEN regexp_matches(cell, '^[ \t\r\n'']*[=+\-@＝＋－＠]|^''*[\t\r\n]') THEN '''' || cell ELSE cell END;

CREATE TEMP VIEW sheet AS
SELECT * REPLACE (plainly(operation) AS operation, plainly(id) AS id, plainly(principal) AS principal, plainly(principal_role) AS principal_role,
                  plainly(target) AS target, plainly(target_role) AS target_role, plainly(credential) AS credential, plainly(issued) AS issued,
                  plainly(session) AS session, plainly(task) AS task, plainly(parent_task) AS parent_task, plainly(action) AS action,
                  plainly(approval) AS approval, plainly(resource) AS resource, plainly(resource_group) AS resource_group, plainly(error) AS error,
                  plainly(origin) AS origin, plainly(user_agent) AS user_agent, plainly(request_id) AS request_id, plainly(invoked_by) AS invoked_by)
FROM record;
