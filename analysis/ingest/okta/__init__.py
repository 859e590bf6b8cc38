"""Okta System Log: an event for whatever somebody did in or through an Okta organisation, with its outcome.

What is read from an event, and why:

* Who acts is the `actor`, known by its id, since logins change and targets often lack them. A `User` is called a
  person, though service accounts are users too, which the log does not tell apart; an actor whose type says that it is
  an AI agent or workload identity is an agent, and all else is a service. `client.id` is the OAuth client through which
  it acts.
* What somebody acts with is the API token in `transaction.detail.requestApiTokenId`; else, where tokens are asked for,
  the client secret, of which `debugData.clientSecret` is a hash; else the session, `externalSessionId`. The word
  "unknown" there means that there is none. API tokens renew themselves at each use and so have no end of their own;
  client secrets have none either. How long a session lives is set by a policy that need not limit it.
* `user.session.start` gives a session (`issue`), `user.session.end` ends it. `user.session.clear` ends all those of
  somebody, and names none. The steps of a login (`user.authentication.auth*`, `verify`) tell the session as well, often
  before it is given: they come with what has no name here, and present none.
* `app.oauth2.*.grant.*` gives a token: the target of such a type, by its own id, with `detailEntry.expires`. Where it
  is for somebody else than who asked, its `subject` or the user among the targets, the client becomes that one
  (`assume`). Without a stated end an access or id token of the organisation's own server lasts an hour, of a custom one
  a day at most; a refresh token may never end. `app.oauth2.*.revoke` ends the token that it names; what revokes all
  tokens of a user or client (`revoke.implicit`) names none.
* `system.api_token.create` and `revoke` give and end an API token.
* `outcome.result` and, of failures, `outcome.reason` say how it came out (`levels.toml`). Messages, limits and risks
  are no acts, and silent. So are policies evaluated, unless they refused somebody, which no other event tells then. A
  sign-on to an application is told when Okta lets it through; what the application then says is not.
* Secrets that lie in an event, such as a client secret just made (`target.detailEntry`), are not read. Of `debugData`,
  which Okta calls no contract, nothing is expected.

What the log cannot say, or is not read, and is left open: tasks and intents; what a token or an administrator may do;
uses of tokens outside Okta; which client secret was made or ended, since only its uses are told, by another name;
sessions and tokens that end with their user; requests for access and who approved them, which are uses here. Okta keeps
events for 90 days.

Events come as the System Log API has them (a list), one a line, alone, or in what hands them on: event hooks
(`data.events`), and EventBridge (`detail`).

Source: Okta developer documentation, "System Log API", "Event types", "Event hooks"; Okta help, "Manage Okta API
tokens"; Okta support, "Lifetime of the Okta Minted JSON Web Tokens (JWT)". Types of actors that are agents: seen in
published events, not documented.
"""
