-- A span for each piece of work and each call of a tool, as OpenTelemetry's conventions for agents have it: invoke_agent encloses what
-- it does, execute_tool what was called.
--
-- Source: OpenTelemetry, "Semantic conventions for GenAI agent and framework spans" (0.1.0 of their own repository); OTLP
-- specification 1.5, "JSON Protobuf encoding"; "OpenTelemetry Protocol File Exporter".

-- Traces that were read keep their ids; all else is known by a hash of its name.
CREATE TEMP MACRO is_span(name) AS coalesce(regexp_matches(name, '^[0-9a-f]{32}/[0-9a-f]{16}$'), false);
CREATE TEMP MACRO span_of(what, name) AS CASE WHEN is_span(name) THEN substring(name, 34) ELSE substring(md5(what || ' ' || name), 1, 16) END;

CREATE TEMP TABLE started AS
SELECT task_name AS task, min(id) AS first, arg_min(parent_task_name, id) AS parent FROM said
WHERE kind = 'task_start' AND NOT is_earlier GROUP BY task_name;

CREATE TEMP TABLE root AS
-- Whoever is above whoever is above: so each step goes twice as far, however deep tasks lie in each other. Where they are told to be
-- above each other in a circle, the first of them is the root.
WITH RECURSIVE node AS (
    SELECT task, parent FROM started
    UNION ALL
    SELECT DISTINCT parent, NULL FROM started WHERE parent IS NOT NULL AND parent NOT IN (SELECT task FROM started)
), above (task, ancestor, least, step) USING KEY (task) AS (
    SELECT task, coalesce(parent, task), least(task, parent), 0 FROM node
    UNION
    SELECT a.task, b.ancestor, least(a.least, b.least), a.step + 1
    FROM above a JOIN recurring.above b ON b.task = a.ancestor
    WHERE (b.ancestor <> a.ancestor OR b.least < a.least) AND a.step < 40
)
SELECT a.task, CASE WHEN n.parent IS NULL THEN a.ancestor ELSE a.least END AS root
FROM above a JOIN node n ON n.task = a.ancestor SEMI JOIN started s ON s.task = a.task;

CREATE TEMP VIEW carried AS
SELECT s.*, s.read_through IS NOT DISTINCT FROM 'otel_genai' AS from_traces,
       CASE WHEN s.is_earlier THEN 'it happened before the run began'
            WHEN s.kind NOT IN ('use', 'task_start', 'task_end') THEN 'a span is a piece of work, or a call of a tool'
            WHEN s.kind = 'task_start' AND s.id <> b.first THEN 'its task is told to start more than once'
            WHEN s.kind = 'task_end' AND b.task IS NULL THEN 'the start of its task is not told'
            WHEN s.kind = 'task_end' AND s.id <> last_value(s.id) OVER (PARTITION BY s.kind, s.task ORDER BY s.time, s.id
                                                                         ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) THEN 'its task is told to end more than once'
            WHEN s.kind = 'task_end' AND s.reason IS NULL THEN 'it does not say how its task ended, and a span that ends does' END AS left_out,
       b.task IS NOT NULL AS is_started, b.parent AS above, p.task IS NOT NULL AS above_is_started,
       CASE WHEN s.kind <> 'use' THEN s.task_name ELSE s.event_name END AS span_name,
       CASE WHEN is_span(span_name) THEN substring(span_name, 1, 32)
            ELSE md5('trace ' || coalesce(r.root, s.task_name, s.event_name)) END AS trace,
       -- What says how it went: the error of the trace itself, else the status that means so.
       CASE WHEN from_traces AND NOT is_pseudonym(s.error) THEN s.error
            WHEN s.kind = 'task_end' THEN CASE WHEN s.reason <> 'completed' THEN '_OTHER' END
            WHEN s.kind = 'use' AND s.decision IS NULL THEN '_OTHER'
            WHEN s.decision = 'deny' THEN CASE WHEN s.reason IS NULL OR s.reason IN ('expired', 'revoked', 'binding', 'deleted') THEN '401' WHEN s.reason = 'throttled' THEN '429' ELSE '403' END END AS error_type,
       -- A service that acts for nobody is whose trace it is; everybody else is called an agent.
       CASE WHEN s.principal_kind = 'service' AND (from_traces OR s.task IS NULL) THEN s.principal_name END AS service
FROM said s
LEFT JOIN started b ON b.task = s.task_name
LEFT JOIN started p ON p.task = b.parent
LEFT JOIN root r ON r.task = s.task_name;

CREATE TEMP MACRO told(key, text) AS {key: key, value: {stringValue: text}};
CREATE TEMP MACRO nanos(moment) AS (epoch_us(moment) * 1000)::VARCHAR;

-- A line a span, as the collector writes them that come one at a time: a trace may be longer than fits into memory.
CREATE TEMP VIEW record AS
SELECT to_json({resourceSpans: [{
           resource: {attributes: CASE WHEN e.service IS NULL THEN [] ELSE [told('service.name', e.service)] END},
           scopeSpans: [{scope: {name: 'outlive'}, spans: [json_merge_patch('{}', to_json({
           traceId: e.trace, spanId: span_of(CASE WHEN e.kind = 'use' THEN 'call' ELSE 'task' END, e.span_name),
           -- What belongs to a whole trace is in no span of it.
           parentSpanId: CASE WHEN e.kind = 'use' THEN CASE WHEN e.is_started OR (e.task IS NOT NULL AND NOT e.from_traces) THEN span_of('task', e.task_name) END
                              ELSE CASE WHEN e.above IS NOT NULL AND (e.above_is_started OR NOT e.from_traces) THEN span_of('task', e.above) END END,
           name: CASE WHEN e.kind = 'use' THEN concat_ws(' ', 'execute_tool', e.operation)
                      ELSE concat_ws(' ', CASE WHEN e.operation = 'workflow' THEN 'invoke_workflow' ELSE 'invoke_agent' END, e.principal_name) END,
           kind: 1,
           startTimeUnixNano: nanos(e.time),
           endTimeUnixNano: nanos(CASE WHEN e.kind = 'use' THEN e.time + to_microseconds(coalesce(e.duration, 0)) ELSE f.time END),
           attributes: list_filter([
               told('gen_ai.operation.name', CASE WHEN e.kind = 'use' THEN 'execute_tool' WHEN e.operation = 'workflow' THEN 'invoke_workflow' ELSE 'invoke_agent' END),
               told('gen_ai.agent.name', CASE WHEN e.service IS NULL THEN e.principal_name END),
               told('gen_ai.conversation.id', e.session_name),
               told('gen_ai.tool.name', CASE WHEN e.kind = 'use' THEN e.operation END),
               told('gen_ai.tool.call.id', CASE WHEN e.kind = 'use' THEN e.action_name END),
               told('gen_ai.tool.call.arguments', CASE WHEN e.kind = 'use' THEN e.args::VARCHAR END),
               told('error.type', coalesce(f.error_type, e.error_type)),
               told('client.address', e.origin),
               told('user_agent.original', e.user_agent)], lambda each: each.value.stringValue IS NOT NULL),
           status: CASE WHEN coalesce(f.error_type, e.error_type) IS NOT NULL THEN {code: 2, message: CASE WHEN NOT e.from_traces OR is_pseudonym(coalesce(f.error, e.error)) THEN coalesce(f.error, e.error) END} END
       }))]}]}]})::VARCHAR AS line
FROM carried e
LEFT JOIN (FROM carried WHERE kind = 'task_end' AND left_out IS NULL) f ON e.kind = 'task_start' AND f.task = e.task
WHERE e.left_out IS NULL AND e.kind <> 'task_end'
ORDER BY e.time, e.id;
