"""SPIRE: what its server and agents write into their logs, of which those of the audit log are a part.

What is read from a line, and why:

* A call of an API of the server, or of the Workload API of an agent, is known by `service` and `method`. With
  `audit_log_enabled` the server says of each call that it was made, by whom and with what status (`type=audit`).
  Without it a call is seen where it left one of the lines that `levels.toml` lists as `done`, or an error. Several
  lines of one call have one `request_id`; as a batch has that of its call too, an event is that and the entry, or the
  identity, that it is about.
* Signing an X.509-SVID is logged at level debug only, with `serial_num` (from 1.6 on) and `expiration`; the audit log
  tells of the same that there was one, and its end. A serial number is what it is known by; an SVID without one, and a
  JWT-SVID, by the event. How long a JWT-SVID lasts is told where the line has its end or a ttl that is not the default.
* The agent fetches SVIDs for workloads: `caller_id` acts, `spiffe_id` is who holds what was given. In an attestation
  the agent itself, `agent_id`, is both. Over the socket of the server a local user acts, known by number.
* An X.509-SVID comes with its private key, which the process is handed; a JWT-SVID is good for its audience. What an
  SVID opens, verifiers look up. A join token is a credential, of which only that it was made is told.
* The Workload API tells which identity a process got, from what the agent had already fetched, or that there was none
  (`No identity issued`); no SVID is issued by that. Attestations of workloads, rotations, entries that an agent has
  synchronised and the server's own authorities are silent: who holds what does not change by them.

What the log cannot say, and is left open: tasks and intents; what an SVID opens; where SVIDs are used, since verifiers
have logs of their own; which SVID a caller came with; at which level the log was written, so that nothing can be
concluded from what is not there. Banning or deleting an agent or an entry ends no SVID before its time. A call that was
refused before the audit log saw it is told only where it left an error.

Lines are logrus' text, `time="..." level=... msg="..."`, also behind the name and the time that collectors put before
them, or JSON. What logrus writes to a terminal (`DEBU[0061]`) has seconds since the start instead of times, and is
refused.

Source: SPIRE documentation, "Audit log" and "SPIRE Server Configuration Reference" (log_format, audit_log_enabled); the
names of its telemetry (pkg/common/telemetry) and the messages of its services (pkg/server/api); issue 3688 and pull
request 4902 of SPIRE, on what is logged of an SVID; logrus, TextFormatter.
"""
