"""Microsoft Entra ID: sign-ins, which give tokens; what was changed in the directory; and requests to Graph.

The same record is written in three forms, all of which are read (`forms`): as Microsoft Graph lists it (`value`), as
Azure Monitor hands it on (with `properties`, in `records` or one a line), and as Log Analytics keeps it (names with
capitals, objects as text). What of these belongs to other logs of the directory is silent.

What is read from a sign-in, and why:

* One that succeeds (`status.errorCode` 0) gives a token, known by `uniqueTokenIdentifier`, which is the `uti` claim of
  that token wherever it is used. Its end is not told: an access token lasts 28 hours at most.
* Who signs in is the user, else the service principal or managed identity, by the object id. An agent is told by
  `agent`: `agentSubjectType` says what the subject is, `agentType` what asked for the token. Where an agent asks for
  somebody who is none, it acts, and becomes that one (`assume`); it then may be known by its application id only. An
  agent is one of its parent (`parentAppId`).
* A service principal comes with a key or certificate, where `servicePrincipalCredentialKeyId` names it. A user who
  does not interact comes with what the session gave before: that is known by `sessionId`. For how long it could be
  renewed is not told.
* Error codes (AADSTS) fall into kinds (`levels.toml`). What only interrupts a sign-in, to ask for more, decides
  nothing; any other failure is a refusal.

What is read from an audit record: who (`initiatedBy`), which activity, on what (`targetResources`). Where it shows the
keys of an application before and after (`KeyDescription`), each that is new was given (`issue`) and each that is gone
was ended (`revoke`); they are known by the id that sign-ins name. Their stated end is not in the record. What failed
may have failed for who asked or for what was asked: nobody knows.

What is read from a request to Microsoft Graph (MicrosoftGraphActivityLogs): method and path, with which token, since
when that is (`tokenIssuedAt`), and the status of the answer: 401 and 403 refuse, 429 turns away, of 5xx nothing is
decided, all others let in. `signInActivityId` is the token's `uti`, so that issue and use are found together. Of a path
only the first word is shown as an operation; the rest may be names.

What the logs cannot say, or is not read, and is left open: tasks and intents; what an application or administrator may
do; other uses of tokens, which are in the logs of the resources; tokens and sessions that are revoked, of which records
name the user only; requests and approvals of access. Sign-ins of service principals, of managed identities and those
without interaction, and requests, are logs of their own: whoever has only some of them sees only some, and nothing says
so.

Source: Microsoft Graph, "signIn resource type" and "agentSignIn resource type" (beta), "directoryAudit resource type";
Azure Monitor reference, tables SigninLogs, AADServicePrincipalSignInLogs, AuditLogs, MicrosoftGraphActivityLogs;
Microsoft identity platform, "Configurable token lifetimes" and "Microsoft Entra authentication and authorization error
codes".
"""
