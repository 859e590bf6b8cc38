"""AWS IAM as it was at one instant: who there is, by which policies each may do what, with which keys, last used when.

Three exports are read, together or alone: `aws iam get-account-authorization-details` (users, groups, roles,
policies, in as many pages as there are), the credential report (CSV, or as the interface wraps it), and
`get-service-last-accessed-details` (last attempts, by service or action).

What a snapshot proves:

* What it lists stood at the instant when it was taken. Authorization details do not tell that instant: it is taken to
  be the latest that is mentioned anywhere in the snapshot (`assumed.toml`). In an account that anybody uses, the two
  lie close. If an identity is listed several times, or several credential reports are of one account, these are of
  several days: each file is a snapshot by itself, as of the latest instant that itself mentions. Of a file that lists
  somebody twice nothing is certain, nor of one of several accounts where any is of several days.
* What it omits was not there at that instant, where there are several and it is whole: no page says that it is
  truncated, no entry was refused; of users, groups or roles it lists some, because it may have been asked for others
  alone (`--filter`); and of keys the report says whether they work. Nor does a list omit a user whom the other kind of
  list, details or report, shows to have been there. A key of two reports is the same if it is of one holder, made or
  last changed at one time; where one of them does not say when, nobody knows, and none ended.
* Of before and after it proves nothing. A key has been there since it was made or last changed, at most since its
  user has; an identity at most since its `CreateDate`; when a policy was attached, or put into an identity, no date
  tells, nor when a version was put in force. Outside the instant anything may have been held. A trail that spans it
  does better: from its last call to IAM before that may have changed what is held, to its end, all of it stood
  (`proven.sql`). Not where such a call comes later, because then nobody knows whether the snapshot was taken before;
  nor of an account none of whose own are seen to call IAM, because the trail may be another's, and such calls are
  told in one region only.
* When a role or key was last used is that it was tried: whether the call was let through, nobody says, and so it
  proves no use. A password that was last used did let somebody in.

What is held is said in atoms, access level and service, the same that CloudTrail's calls are (`reference`), as an
interval. Policies are expanded against all actions of AWS' Service Authorization Reference: `Action` and `NotAction`,
wildcards, `Resource` and `NotResource`, policies of groups, versions in force, permissions boundaries; a deny wins.
What hangs on a condition counts at most where it allows, and against what is certain where it denies. An atom is held
where an action of it may be done to anything at all: who may read one bucket holds `s3` read, as whoever is seen to
read one used it. A policy that is not there, or cannot be read, may say anything: then nothing is certain, and all is
possible.

What is not in such a snapshot: policies of an organization (SCPs, RCPs), which may take away; policies of resources, of
sessions and of endpoints. Certain is what identities have been given; what was seen used in a log besides was held too.
Sessions under way are in none of the lists. What a snapshot proves of roles counts for the sessions that a log shows,
unless a policy was passed along with these (`cloudtrail`).

Who may become a role says its trust policy: an identity that it names for certain, unless a condition, a deny or a
boundary stands in between; of an account as a whole, whom its own policies let do so, which is certain only where they
let it become any role. The store keeps that as `trust`. Federated and service principals are named and hold nothing.

How it is kept: nothing in the tables had to change. A policy's atoms are scope sets, one of what is certain and one,
all of it `conditional`, of what is held at most; each identity is assigned both for as long as they are proven, and
outside that the set of all atoms, `conditional` too. Keys and passwords are credentials listed, whose authority is
looked up at use, from when they were made at the latest to the instant of the snapshot at the earliest. The
credential report does not name keys: where a log names some of a user's, a key of the report counts besides only if
it was not used in the log's time, and each of those was so long before the report that this would tell
(`assumed.toml`). X.509 signing certificates are not read, nor is `list-access-keys`, which names keys without their
account.

Beside CloudTrail both are one run (`families`): ARNs and ids of keys are names in both, and nowhere two things have
one. What the trail tells itself is not told again by a last use, and the window is the trail's.

Sources: IAM API Reference, GetAccountAuthorizationDetails, GetCredentialReport, GetServiceLastAccessedDetails; IAM User
Guide, "IAM JSON policy elements reference", "Policy evaluation logic", "Permissions boundaries for IAM entities",
"Generate credential reports for your AWS account", "Permissions for temporary security credentials".
"""
