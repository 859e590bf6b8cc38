"""Azure Activity Log: what was done to resources through Azure Resource Manager, and with which token.

The same event is written in three forms, all of which are read (`forms`): as the REST interface lists it (`value`; its
Python client writes names with underscores), as Azure Monitor hands it on (in `records`, or one a line), and as Log
Analytics keeps it (names with capitals, objects as text).

What is read from an event, and why:

* An operation that changes something has an event when it starts and one when it is over, or fails. These have one
  `operationId` and are one event, which lasts from the one to the other; where that is not told, those of the same
  operation on the same resource under one `correlationId`. An operation of which there are several at once under one
  id stays as many events as it has records.
* The claims of the token say who acts: the object id; without it the login, the caller or the application. `idtyp`, or
  else whether there is a scope, says whether it is a person or a service. An agent is told by the facets that Entra
  puts into its tokens: as subject (`xms_sub_fct`), it acts itself; only as actor (`xms_act_fct`), it acts for the user,
  who is then the target. An agent is one of its blueprint (`xms_par_app_azp`).
* The token is known by `uti`, the id by which the sign-in log of Entra tells its issue. Since when and until when it is
  good is told at each use (`iat`, `exp`). What is over only after that was begun with the token, and is no use of it.
* `status`, `subStatus` and the code of an error say how it came out (`levels.toml`). That an operation started says
  nothing of whether it is let in. One that failed for what was asked was let in.
* Names of operations and resources are compared without regard to capitals, as Azure does.

An atom is an access level on a group of operations in one resource group, or subscription, since that is where roles in
Azure are assigned: "compute in /subscriptions/.../resourcegroups/acme".

What the log cannot say, or is not read, and is left open: tasks and intents; reads, which Azure does not log here, so
that nothing can be concluded from what is not there; what is done within resources (blobs, secrets, queries), which
their own logs tell; what a role allows; keys of storage and the like, which are listed and renewed here and named
nowhere. What Policy, Advisor, alerts and the health of services write into the same log is no act of anybody, and
silent.

Source: Azure Monitor, "Azure Activity Log event schema", with "Schema from storage account and event hubs"; Azure
Monitor reference, table AzureActivity; Microsoft identity platform, "Access token claims reference"; Microsoft Entra
Agent ID, "Token claims reference for agents".
"""
