"""HashiCorp Vault audit: two entries for each request, one when it comes and one when it is answered.

What is read from an entry, and why:

* Request and response have one `request.id` and are one event, which lasts from the one to the other. Vault asks its
  policies before it logs a request: what they said stands in `auth.policy_results` (1.13 and later). Without that a
  request alone proves nothing, and a response without an error that it was let in. Errors fall into kinds
  (`errors.toml`); all others failed for what was asked, and so were let in, but for a login, which lets in or does not.
  An engine's own error stands in its data, hashed.
* Who asks is the entity (`auth.entity_id`), else what the token is called, which is said to be no entity. Only a login
  tells how somebody logged in, and so whether it may be a person; in which role, it tells too.
* A token is known by its accessor, or the hash of it that the log has instead; a batch token, which has none, by the
  hash of itself. Its issue (`token_issue_time`) is told at each use. A batch token cannot be renewed, so that its
  `token_ttl` is its end; a service token's may be past and it renewed, so that its end is not known from its use.
* A response with `auth` gives a token or renews one, until `token_ttl` later; older versions do not log that. A login
  (`issue`) gives one that stands by itself, so does `create-orphan` or `no_parent`; `auth/token/create` (`assume`) one
  that is cut from the caller's and ends with it. So is a lease, by which an engine gives credentials of another system.
  How long a lease lasts is not logged: of what is given, an entry has the name alone (`secret.lease_id`), and who looks
  a lease up names it by a hash.
* A secret id of AppRole is given (`issue`) for as long as its response says, and somebody logs in with it: both times
  it is known by its hash. A certificate is known by its serial number and ends at its `expiration`.
* A response that is wrapped gives a token which opens it once (`wrap_info`), and perhaps one that lies within.
* `revoke-self`, `revoke-accessor`, a lease named in the path and a secret id destroyed are ends (`revoke`). A token
  that is named by itself (`revoke`, `revoke-orphan`) is found by the hash of it that stands beside that of its accessor
  in an entry before (`hashes`). A token or lease that is only named by another hash than the one it was given under is
  not found: such requests are uses.
* A token with few uses says at each how many it had left before (`auth.remaining_uses`): with the response to the one
  that found a single one left it ends (`revoke`), be it let in or not.

An atom is an access level on a kind of path in one mount ("kv in secret/"), in its namespace.

What the log cannot say, and is left open: tasks and intents; what policies allow, of which it has the names; that a
token is bound to addresses; what ended with a token, and what expired; uses of the credentials that leases stand for,
which are in other systems' logs. Tokens without an entity that are called alike count as one principal.

A cluster refuses requests that it can log to none of its audit devices, so that of Vault itself all is there: health
checks apart, as long as the files of all its nodes are here, and Enterprise filters leave nothing out. It is no whole
log all the same, since leases and certificates are used where Vault does not see it.

Two audit devices tell the same under different hashes: whoever has the logs of both gives one of them.

Entries come a line each, or as text in the records of what collects the lines of containers, or of CloudWatch Logs.

Source: HashiCorp Vault documentation, "Audit log entry schema", "Audit devices", "Tokens", "Lease, renew, and revoke",
"Response wrapping", "Policies", "AppRole auth method", "PKI secrets engine"; audit/entry_formatter.go of its source for
what is hashed; vault/request_handling.go for when uses are counted.
"""
