-- What becomes of each field of each event as a span. Of credentials spans say nothing.

CREATE TEMP VIEW event_fate AS
SELECT e.id AS event_key, e.left_out,
       CASE WHEN is_span(span_name) THEN 'carried' ELSE 'otherwise: as the ids of a trace and a span, which are a hash of it' END AS id,
       'carried' AS time,
       CASE WHEN resolution = 1 THEN 'carried' ELSE 'lost: whoever reads spans takes their times to be exact' END AS resolution,
       CASE WHEN meaning = 'start' THEN 'carried' ELSE 'lost: a span begins at its start' END AS meaning,
       'carried' AS kind,
       CASE WHEN principal IS NOT NULL THEN 'carried' END AS principal,
       CASE WHEN target IS NOT NULL THEN 'lost: a span does not say whom it is about' END AS target,
       CASE WHEN credential IS NOT NULL THEN 'lost: no span names a credential' END AS credential,
       CASE WHEN issued IS NOT NULL THEN 'lost: no span names a credential' END AS issued,
       CASE WHEN session IS NOT NULL THEN 'carried' END AS session,
       CASE WHEN task IS NULL THEN NULL WHEN from_traces AND NOT is_pseudonym(task_name) THEN 'carried' WHEN is_started THEN 'otherwise: as the span that encloses what it does'
            ELSE 'otherwise: as a trace, because its start is not told' END AS task,
       CASE WHEN parent_task IS NULL THEN NULL WHEN kind <> 'task_start' THEN 'lost: it is told where the task starts'
            WHEN from_traces AND NOT is_pseudonym(parent_task_name) THEN 'carried' WHEN above_is_started THEN 'otherwise: as the span that encloses this one'
            ELSE 'otherwise: as a trace, because its start is not told' END AS parent_task,
       CASE WHEN action IS NULL THEN NULL WHEN kind = 'use' THEN 'otherwise: as gen_ai.tool.call.id, which ties it to nothing else' ELSE 'lost: only calls have an id of their own' END AS action,
       CASE WHEN operation IS NULL THEN NULL WHEN (kind = 'use' AND NOT starts_with(operation, 'execute_tool ')) OR from_traces THEN 'carried'
            WHEN kind = 'use' THEN 'otherwise: without the word before it' ELSE 'otherwise: as invoke_agent' END AS operation,
       CASE WHEN atom IS NOT NULL THEN 'lost: the name of a tool is not what it touches' END AS atom,
       CASE WHEN resource IS NOT NULL THEN 'lost: the name of a tool is not what it touches' END AS resource,
       CASE WHEN approval IS NOT NULL THEN 'lost: no span names an approval' END AS approval,
       CASE WHEN requested IS NOT NULL THEN 'lost: a span begins when the call does' END AS requested,
       CASE WHEN duration IS NULL THEN NULL WHEN kind = 'use' THEN 'carried' ELSE 'lost: a span lasts from the start of a task to its end' END AS duration,
       CASE WHEN scope_set IS NOT NULL THEN 'lost: no span names permissions' END AS scope_set,
       CASE WHEN credential_kind IS NOT NULL THEN 'lost: no span names a credential' END AS credential_kind,
       CASE WHEN resolved IS NOT NULL THEN 'lost: no span names a credential' END AS resolved,
       CASE WHEN binding IS NOT NULL THEN 'lost: no span names a credential' END AS binding,
       CASE WHEN enforced IS NOT NULL THEN 'lost: no span names a credential' END AS enforced,
       CASE WHEN expires IS NOT NULL THEN 'lost: no span names a credential' END AS expires,
       CASE WHEN presented_kind IS NOT NULL THEN 'lost: no span names a credential' END AS presented_kind,
       CASE WHEN presented_from IS NOT NULL THEN 'lost: no span names a credential' END AS presented_from,
       CASE WHEN presented_to IS NOT NULL THEN 'lost: no span names a credential' END AS presented_to,
       CASE WHEN verifier IS NOT NULL THEN 'lost: no span names a verifier' END AS verifier,
       CASE WHEN args IS NULL THEN NULL WHEN kind = 'use' THEN 'otherwise: as a hash of the hash; what was equal still is' ELSE 'lost: only calls have arguments' END AS args,
       CASE WHEN asked IS NOT NULL THEN 'lost: no span names an approval' END AS asked,
       CASE WHEN decision IS NULL THEN NULL WHEN kind = 'use' THEN 'carried' ELSE 'lost: nobody decides on a task' END AS decision,
       CASE WHEN reason IS NULL THEN NULL WHEN reason = 'parent_ended' THEN 'otherwise: as an error'
            WHEN kind = 'task_end' OR from_traces OR (error_type = '403' AND reason = 'out_of_scope') OR (error_type = '429' AND reason = 'throttled') THEN 'carried'
            WHEN error_type = '403' THEN 'otherwise: as the error 403' ELSE 'lost: no error says it' END AS reason,
       CASE WHEN policy IS NOT NULL THEN 'lost: no span names a policy' END AS policy,
       CASE WHEN cached IS NOT NULL THEN 'lost: whether a decision was new is not told' END AS cached,
       CASE WHEN error IS NULL THEN NULL WHEN from_traces AND NOT is_pseudonym(error) THEN 'carried' WHEN error_type IS NOT NULL THEN 'otherwise: as the message of the status, behind an error that means so'
            ELSE 'lost: a span that has an error was not let in for certain' END AS error,
       CASE WHEN origin IS NULL THEN NULL WHEN kind = 'task_end' THEN 'lost: it is told where the task starts' ELSE 'otherwise: as client.address, which ingest does not read' END AS origin,
       CASE WHEN user_agent IS NULL THEN NULL WHEN kind = 'task_end' THEN 'lost: it is told where the task starts' ELSE 'otherwise: as user_agent.original, which ingest does not read' END AS user_agent,
       CASE WHEN request_id IS NOT NULL THEN 'lost: a span has an id of its own' END AS request_id,
       CASE WHEN invoked_by IS NOT NULL THEN 'lost: who encloses a span called it' END AS invoked_by,
       CASE WHEN source_file IS NOT NULL THEN 'lost: the export is the file that it is read from then' END AS source_file,
       CASE WHEN ordinal IS NOT NULL THEN 'lost: its place is that in the export' END AS ordinal,
       CASE WHEN intent IS NOT NULL THEN 'lost: no span says what a task is for' END AS intent,
       CASE WHEN clock_error > 0 THEN 'lost: by how much a clock may be wrong is not told' END AS clock_error
FROM carried e;

CREATE TEMP VIEW credential_fate AS
SELECT c.id AS credential_key, 'no span names a credential' AS left_out, COLUMNS(c.* EXCLUDE (run, resolved, binding))::VARCHAR,
       nullif(resolved::VARCHAR, 'unknown') AS resolved, nullif(binding::VARCHAR, 'unknown') AS binding
FROM credential c;
