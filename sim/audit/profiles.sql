-- What logs keep. A profile is a row: another one needs no code. With a field less, or with faults: derive_profile.sql. A profile that
-- is whole but lacks a kind of event is believed: what is of that kind is taken not to have happened. Calls are the exception: where
-- some are left out, or kept only by choice, or made elsewhere with what the log tells to be issued, it does not have every_use.

INSERT INTO fact.log_profile BY NAME
SELECT 'full' AS name, 'every event and field, revocations at every verifier, the work queue, and an entitlement snapshot' AS title,
       enum_range(NULL::event_kind) AS kinds,
       true AS keeps_task, true AS keeps_action, true AS keeps_credential, true AS keeps_expiry, true AS keeps_scope,
       true AS keeps_tool, true AS keeps_touch, true AS keeps_duration, true AS keeps_approval, true AS keeps_history, true AS keeps_queue,
       true AS revocations_complete,
       0 AS dropped, []::VARCHAR[] AS absent, []::VARCHAR[] AS skewed, 0 AS skew, true AS whole, true AS every_use
UNION ALL
SELECT 'cloud_audit', 'a cloud provider''s audit trail: who called what with which credential, and what was issued until when',
       ['issue', 'renew', 'use', 'assume']::event_kind[],
       false, false, true, true, false, false, true, false, false, false, false, false, 0, [], [], 0, true, true
UNION ALL
-- What starts and what is over are one event (keeps_duration). Reads are not in it, and tokens end without a word (whole).
SELECT 'azure_activity', 'Azure Activity Log: what was done to resources, by whom, with which token that is good from when to when',
       ['use']::event_kind[],
       false, false, true, true, false, false, true, true, false, false, false, false, 0, [], [], 0, false, false
UNION ALL
-- Each call is one record when it is over: no request apart from it (keeps_action), no start (keeps_duration), nothing of
-- what was granted (keeps_scope); and a key also ends by acts that name no key, such as a policy against old sessions. Data
-- events are kept where somebody selected them (every_use); of which atoms says the catalogue (by_choice).
SELECT 'cloudtrail', 'AWS CloudTrail: calls with key, arguments and outcome, data events by choice; sessions issued until when; keys made and deleted',
       ['issue', 'use', 'assume', 'revoke']::event_kind[],
       false, false, true, true, false, true, true, false, false, false, false, false, 0, [], [], 0, true, false
UNION ALL
-- A request is one event from its arrival to its answer (keeps_duration). Which requests are kept says the cluster's audit policy,
-- which the log does not tell (whole); and a token also ends with its pod or account, which name no token.
SELECT 'kubernetes', 'Kubernetes audit: requests with user, impersonated user and answer; tokens of service accounts issued',
       ['issue', 'use']::event_kind[],
       false, false, true, true, false, true, true, true, false, false, false, false, 0, [], [], 0, false, false
UNION ALL
-- Tokens are used where Entra does not see it, but for Graph, and each kind of sign-in is a log of its own (whole); what ends a token
-- names its user only.
SELECT 'entra', 'Microsoft Entra ID: who signed in to what, with which key or session, and asked Graph what; tokens, and keys of applications',
       ['issue', 'use', 'assume', 'revoke']::event_kind[],
       false, false, true, true, false, false, true, false, false, false, false, false, 0, [], [], 0, false, false
UNION ALL
-- What an agent did, as its own harness tells it, task by task; not with which credential (keeps_credential). When a call was
-- let through it does not say, only when it was asked for and when it was over (keeps_action, keeps_duration), and a yes to
-- a question of permission leaves no trace: what was asked of people is there where it was put as a question, and is not all.
-- Which sessions there were, and which of their sub-agents have transcripts that are not here, nothing tells for certain (whole).
SELECT 'agent_transcript', 'an agent''s own transcript: tasks, sub-agents, each call with its tool, arguments and outcome; no credentials',
       ['use', 'request_approval', 'task_start', 'task_end']::event_kind[],
       true, false, false, false, false, true, true, false, false, false, false, false, 0, [], [], 0, false, true
UNION ALL
-- Request and answer are one event (keeps_duration). What is cut from a token ends with it, and without a word of its own, as does
-- what expires. Vault refuses what it cannot log; but what its leases stand for is used in other systems, whose logs these are not
-- (whole).
SELECT 'vault', 'HashiCorp Vault audit: requests with token, entity and answer; tokens, leases and secret ids issued, renewed and revoked',
       ['issue', 'renew', 'use', 'assume', 'revoke']::event_kind[],
       false, false, true, true, false, true, true, true, false, false, false, false, 0, [], [], 0, false, false
UNION ALL
-- A span is one record when it is over, with its duration; queues and samplers drop spans, and nothing says so (whole).
SELECT 'otel_genai', 'OpenTelemetry traces of agents: which agent did what for which task, with which tool, for how long',
       ['use', 'task_start', 'task_end']::event_kind[],
       true, false, false, false, false, true, false, true, false, false, false, false, 0, [], [], 0, false, true
UNION ALL
-- What a producer mapped, one record when it is over: credentials where it names them, no durations that one could rest on, nothing of
-- what was granted; what it left out nobody says (whole).
SELECT 'ocsf', 'events of OCSF, of any product: who did what with which outcome; credentials, delegations and sessions that are named',
       ['issue', 'use', 'assume', 'revoke']::event_kind[],
       false, false, true, true, false, true, true, false, false, false, false, false, 0, [], [], 0, false, true
UNION ALL
-- Okta keeps all events; but tokens that it gives are used where it does not see it (whole), and sessions and tokens also end
-- with their user or by a policy, which names none of them.
SELECT 'okta', 'Okta System Log: who did what in which session, and with what outcome; sessions, tokens and API tokens given and ended',
       ['issue', 'use', 'assume', 'revoke']::event_kind[],
       false, false, true, true, false, false, true, false, false, false, false, false, 0, [], [], 0, false, false
UNION ALL
-- A call is one record, a long-running one two; durations are told of those only (keeps_duration). Keys of service accounts are
-- named, tokens are not. Reads of data are kept where somebody switched that on, which the log does not tell (whole).
SELECT 'gcp_audit', 'Google Cloud Audit Logs: calls with caller, delegation and permissions; keys and tokens of service accounts issued',
       ['issue', 'use', 'assume', 'revoke']::event_kind[],
       false, false, true, true, false, true, true, false, false, false, false, false, 0, [], [], 0, false, false
UNION ALL
-- What was signed and who called, in whole seconds, not with what arguments (keeps_tool); at which level a log was written it does
-- not say (whole), and an SVID ends with nothing but its time.
SELECT 'spire', 'SPIRE: identities given to whom until when, agents attested, entries changed; not where identities are used',
       ['issue', 'use']::event_kind[],
       false, false, true, true, false, false, true, false, false, false, false, false, 0, [], [], 0, false, false
UNION ALL
-- What was done and with the hash of which token, not with what arguments (keeps_tool); events of Git are kept for days only (whole),
-- and tokens end without a word where their end is near or their owner leaves.
SELECT 'github_audit', 'GitHub audit log: who did what in which repository or organisation, with which token or key; keys added and deleted',
       ['issue', 'use', 'revoke']::event_kind[],
       false, false, true, true, false, false, true, false, false, false, false, false, 0, [], [], 0, false, false
UNION ALL
-- What stood at one instant, with when some of it had last been used (kinds): of a key by its holder, of which touched what nobody
-- says (keeps_touch). Keys that never end are told to be so (keeps_expiry). Which sessions were under way it does not list (whole).
SELECT 'iam_snapshot', 'a snapshot of identities: who held what by which policies, with which keys, and when these were last used',
       ['use']::event_kind[],
       false, false, true, true, true, false, false, false, false, true, false, false, 0, [], [], 0, false, false
UNION ALL
SELECT 'human_login', 'a log made for people: actor, action, time; logins but no credentials',
       ['issue', 'use']::event_kind[],
       false, false, false, false, false, false, true, false, false, false, false, false, 0, [], [], 0, true, true;
