"""Google Cloud Audit Logs: an entry of Cloud Logging for each call of an API that Google audits, with its outcome.

What is read from an entry, and why:

* Only entries whose `protoPayload` is an AuditLog tell of calls; what programs write into `jsonPayload` and
  `textPayload` of the same log tells of nothing that is known, and is silent.
* `insertId` is the entry's own. Who delivers an entry twice delivers it to the letter. A long-running operation is
  told in two entries, `operation.first` and `operation.last`, whose `operation.id` and `producer` are one's alone:
  these are one event. An entry that is both is one by itself.
* `authenticationInfo.principalEmail` acted, or, where that is left out or redacted, `principalSubject`, whose prefix
  says what it is. Of a bare address Google documents that those of service accounts end in gserviceaccount.com.
* `serviceAccountDelegationInfo` lists "the real authorities that try to access resources by delegating on a service
  account", the first first: that one is on whose behalf the account acts (`target`), the others called in between
  (`invoked_by`).
* The credential is told only where it is a key of a service account, by `serviceAccountKeyName`. It is known by its id,
  because the account before it is named by address in one place and by number in another. A key does not end, unless a
  policy of the organisation said so when it was made.
* `GenerateAccessToken`, `GenerateIdToken` and `SignJwt` make the caller somebody else (`assume`), an exchange at the
  Security Token Service gives a federated identity a token (`issue`). No entry names a token, so it is known by the
  entry, and its use is never found: what is told is that there was one, and for how long it may have lasted. Where
  neither the request nor the answer says so, that is the longest that can be had (`levels.toml`).
* Status codes are those of gRPC; `authorizationInfo` says for each permission whether it was granted, and says nothing
  where it was not: JSON leaves out what is false. A call that failed for another reason was let in if something was
  granted; else nobody knows.
* `resource.type` is the kind of thing, in the project that its labels name, because that is what a role is granted on:
  "gcs_bucket in acme-prod". Where it says only that something was audited, the service stands for it, and of a cluster
  the kind of its resources. Levels are by the name of the method, and where that says nothing by `permissionType`.
* `timestamp` is when the call came, in nanoseconds, of which microseconds are kept.

What the log cannot say, and is left open: tasks and intents; what a role allows; which token, of a user or of the
metadata server of a machine, a call came with; reads of data, where they are not switched on, so that nothing can be
concluded from what is not there; sessions. `SignBlob` may sign a token or anything else, and is a call.

Entries come a line each, in a list, or under `entries`, as the API and gcloud print them. Who keeps them in a table may
have changed names to small letters, or `@type` to `at_sign_type`, and BigQuery has `protopayload_auditlog`.

Source: Cloud Logging API v2, LogEntry and LogEntryOperation; google.cloud.audit.AuditLog, AuthenticationInfo,
ServiceAccountDelegationInfo, AuthorizationInfo; Cloud Audit Logs, "Understanding audit logs" and "Caller identities in
audit logs"; IAM, "Example logs for service accounts", "Principal identifiers", "Create short-lived credentials";
Service Account Credentials API, generateAccessToken, generateIdToken, signJwt.
"""
