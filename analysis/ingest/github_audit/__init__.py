"""GitHub's audit log of an organisation or enterprise: an event for each action that a user, bot or agent performs.

What is read from an event, and why:

* `_document_id` is the event's own; a stream delivers at least once, so the same twice is one. `@timestamp` is when it
  was performed, in milliseconds since 1970; `created_at` says the same where that is left out.
* `actor` acted. Where `actor_is_agent` says that it is an AI agent, it acted in its session, `agent_session_id`, if it
  has one, else as a whole, and `user` is the person who initiated that (`target`); in all other events `user` is whom
  it was about. `actor_is_bot`, or a login that ends in [bot], is an app. All others are users, whom GitHub counts as
  persons, though some are used by programs.
* The credential is `hashed_token`, the hash of the token or key that somebody authenticated with, else its `token_id`;
  `programmatic_access_type` says of what kind it is, and so how long it can last (`levels.toml`): a token of an app's
  installation for an hour, that of a workflow for a day, all others until somebody ends them. Who acts in the web
  interface shows none.
* `public_key.create` gives a key, known by its fingerprint, and `public_key.delete` ends it;
  `personal_access_token.access_granted` and `access_revoked` give and end a fine-grained token's access, by its id.
  Neither is known by the same name where it is used, because the log does not say which hash is whose.
* Events are written when something was done, so they were let in, except those that say that it was refused.
  `api.request`, which a stream may have, has a status code; of a 404 nothing says whether the caller might not see it.
* What somebody does is in a repository, else in an organisation or enterprise, because that is what permissions are
  granted on: "contents in acme/app". The level is by the name of the action, else by `operation_type`.
* What nobody did, such as an alert that was found or a runner that is online, is silent.

What the log cannot say, or is not read, and is left open: tasks and intents; what a token allows, though `token_scopes`
names scopes of some; when tokens of apps and OAuth tokens are given; reads in the web interface. Events of Git are kept
for seven days only, and streams of API requests are a setting, so nothing can be concluded from what is not there.
Records of what Copilot was asked and answered are another stream, and are refused.

Events come as JSON of an export, arrays of the REST API, also under `audit_log`, or a line each, as streams have them.
Tables may have `at_sign_timestamp` for `@timestamp`. The export as CSV is not read.

Source: GitHub documentation, "Audit log events for your organization", "... for your enterprise" and their data
(fields of each event), "Identifying audit log events performed by an access token", "Audit log events for agents",
"Streaming the audit log for your enterprise", "Token expiration and revocation", "GITHUB_TOKEN".
"""
