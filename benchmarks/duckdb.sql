-- The deliveries ($files) into the columns that ingest fills, and the answer from these.
CREATE TABLE event AS
SELECT r.eventID AS id, r.eventTime::TIMESTAMP AS time, replace(r.eventSource, '.amazonaws.com', '') || ':' || r.eventName AS operation,
       r.errorCode AS error, r.userIdentity.type AS type, r.userIdentity.arn AS principal, r.userIdentity.accessKeyId AS key,
       r.userIdentity.sessionContext.sessionIssuer.arn AS role, r.userIdentity.sessionContext.attributes.creationDate::TIMESTAMP AS created,
       r.readOnly::BOOLEAN AS read_only, r.resources[1].ARN AS resource, to_json(r.requestParameters) AS args,
       r.responseElements.credentials.accessKeyId AS issued, r.responseElements.credentials.expiration AS expires,
       r.responseElements.assumedRoleUser.arn AS target, r.sourceIPAddress AS origin, r.userAgent AS user_agent, r.requestID AS request_id
FROM (SELECT unnest(Records) AS r FROM read_json($files, maximum_object_size = 268435456));
SELECT operation, count(*), count(error), count(DISTINCT key)
FROM (FROM event QUALIFY row_number() OVER (PARTITION BY id) = 1) GROUP BY operation ORDER BY operation;
