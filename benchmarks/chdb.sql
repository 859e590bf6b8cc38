-- The deliveries into the columns that ingest fills, told each column and its type, and the answer from these.
CREATE DATABASE bench;
CREATE TABLE bench.event ENGINE = MergeTree ORDER BY id SETTINGS allow_nullable_key = 1 AS
WITH JSONExtract(record, 'Tuple(
    eventID String, eventTime String, eventSource String, eventName String, errorCode Nullable(String), readOnly Nullable(Bool),
    sourceIPAddress Nullable(String), userAgent Nullable(String), requestID Nullable(String), requestParameters Nullable(String),
    userIdentity Tuple(type Nullable(String), arn Nullable(String), accessKeyId Nullable(String), sessionContext Tuple(
        sessionIssuer Tuple(arn Nullable(String)), attributes Tuple(creationDate Nullable(String)))),
    responseElements Tuple(credentials Tuple(accessKeyId Nullable(String), expiration Nullable(String)),
        assumedRoleUser Tuple(arn Nullable(String))),
    resources Array(Tuple(ARN Nullable(String))))') AS r
SELECT r.eventID AS id, parseDateTimeBestEffort(r.eventTime) AS time, concat(replaceOne(r.eventSource, '.amazonaws.com', ''), ':', r.eventName) AS operation,
       r.errorCode AS error, r.userIdentity.type AS type, r.userIdentity.arn AS principal, r.userIdentity.accessKeyId AS key,
       r.userIdentity.sessionContext.sessionIssuer.arn AS role,
       parseDateTimeBestEffortOrNull(r.userIdentity.sessionContext.attributes.creationDate) AS created, r.readOnly AS read_only,
       r.resources[1].ARN AS resource, r.requestParameters AS args, r.responseElements.credentials.accessKeyId AS issued,
       r.responseElements.credentials.expiration AS expires, r.responseElements.assumedRoleUser.arn AS target,
       r.sourceIPAddress AS origin, r.userAgent AS user_agent, r.requestID AS request_id
FROM (SELECT arrayJoin(Records) AS record FROM file('{files}', JSONEachRow, 'Records Array(String)')
      SETTINGS input_format_json_read_objects_as_strings = 1, output_format_json_quote_64bit_integers = 0);
SELECT operation, count(), count(error), uniqExact(key) FROM (SELECT * FROM bench.event LIMIT 1 BY id) GROUP BY operation ORDER BY operation
SETTINGS output_format_json_quote_64bit_integers = 0
