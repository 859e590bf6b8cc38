"""OCSF: what other products said, translated by somebody into the Open Cybersecurity Schema Framework.

It is a log at second hand: an event says as much as its producer mapped, and what was left out or lies in `unmapped`,
`observables`, `enrichments` and `raw_data` is data of which nothing is read. So this source tells events, and of
credentials only those that are named: which is all that `ocsf` in `fact.log_profile` claims.

What is read from an event, and why:

* Its class, `class_uid`, says what it is about. Findings and discoveries (categories 2 and 5) and base events tell of
  nothing that somebody did, and give no event; every other class gives one, which is a use unless it stands below.
* `time` is in milliseconds since 1970. Producers have written seconds and microseconds there too. Where the profile
  `datetime` gives `time_dt` beside it, that is what counts; where it does not, what is then 1970 is refused.
* `actor.user` acted, or the application or process of `actor`, where there is no user; in an authentication without
  actor, `user`. Where the profile `ai_operation` (1.9) names an `ai_agent`, the agent acted, in this `instance_uid`
  if told, and `actor.user` is on whose behalf it did (`target`). In the classes of Identity & Access Management `user`
  is the target. A user is known by its `uid`, else by its address or name, since names are not unique.
* `delegation` (1.9) is "a durable authorization context" with an id, a start and an end, that its issuer gives and all
  events executed under it share: it is the credential, cut from the one that it names (`parent_uid`), which no event
  need ever have come with. Else it is `credential_uid` of user or session, else the session itself, else, in an
  authentication, the certificate. A key of AWS is known by its prefix and lasts as CloudTrail's documentation says.
* A logon that succeeded gives the session that it names as `session`; a logoff ends it. A session that is authorised
  (3003) under a delegation is cut from that. Role Management (1.9) adds and removes programmatic credentials by id.
* What a call to STS or IAM of AWS gave or ended is read from `api.request.data` and `api.response.data`, where a
  producer carries them, as `cloudtrail` reads it.
* An action that a control denied, and a failure whose code says so (`levels.toml`), is refused; so is any failed
  authentication. Of another failure nothing says whether it was let in. Nor does an event without status, action and
  response code.
* What access level it needs says the activity of its class, and for a call of an interface its name (`levels.toml`).

What it cannot say, or does not for certain, and is left open: tasks and intents (a trace, a correlation and a
conversation of an agent are none); what a credential allows, though `delegation.scopes` names some of it; how one is
bound; whether anything is missing. An event with a `count` stands for many, and is counted as one. The class for
activities of agents, tools of agents and lineages of delegations are drafts that no version has.

Events come a line each, in a list, also under `events`, or as Parquet with the same names, as security lakes keep them.

Source: OCSF schema, versions 1.0 to 1.9: classes API Activity, Authentication, Authorize Session, Account Change, Role
Management; objects actor, user, session, ai_agent, delegation, programmatic_credential; profiles datetime,
security_control, ai_operation; dictionary.
"""
