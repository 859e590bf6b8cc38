"""Claude Code: the transcript that the command line keeps of each session, a record a line.

What is read from a record, and why:

* A session is a task, begun with the first record of its transcript if that has no parent (`parentUuid`); where the
  transcript is cut off before that, or goes on after a summary (`logicalParentUuid`), its beginning is not known. A
  session can be taken up again at any time, and no record says that it is over: it stays open.
* A sub-agent is a task below its session: all that is marked `isSidechain`, one for each `agentId`. Older versions
  wrote no `agentId`; there one conversation is told from another by the record that it began with, and where that is
  missing nobody is named. The result of the call that began it tells of it too, should its own transcript not be there:
  it began as long before as that took, and has ended if it is `completed`. One that was sent on again ends with the
  last such call.
* A call of a tool is one event in two records: `tool_use` asks for it, `tool_result` with the same id says what came of
  it. It is timed by when it was asked for. Between the two lies also the wait until somebody lets it through, so how
  long it ran is known only where the tool measured it (`durationMs`), and need is known to no better than the call.
* A result that is no error was let in. What an error means says its text alone (`answers.toml`): a person said no, a
  rule, a mode, a classifier or a hook did, or the tool ran and failed. Other texts decide nothing: a person who says no
  with a remark leaves, in some versions, just the remark.
* `AskUserQuestion` and `ExitPlanMode` ask a person, and are answered by one: requests, not uses. A call that a person
  lets through leaves no trace of that, so how often people are asked nobody can tell from a transcript.
* What a tool needs is declared in `tools.toml`. A file or an address is a resource; what a command of the shell touches
  its text does not say.

Which kinds of records tell of nothing that anybody did is known by their `type`; one of another kind is refused, so
that what a later version writes is not passed over in silence.

What a transcript cannot tell: with which credentials the session, its shell and its servers act, and what these may do;
who sat before it. No person, host or credential is named, and none is made up. Nor does it tell whether there were
other sessions, or sub-agents whose transcripts are not here: what is not there may have happened all the same.

What a person does by hand in a session (commands after `!`, slash commands) is no act of the agent and is left out, as
are texts, thoughts and bookkeeping. Records that a branched session copied from another (`forkedFrom`) are told by that
one; versions that copied a session when it was taken up again, without saying so, tell its calls twice. A result whose
call is not there, in an excerpt, is of a call of no known tool.

The format is no public interface, says its maker; this was read from records, and from what others wrote down of them.

Sources: Claude Code documentation, "Tools reference", "Identity and access management" (permission modes) and
"Sub-agents"; claude-code-log 1.7.0, "messages" (examples of each record); jeremedia/claude-code-log-format,
"Claude Code Agent Log Format".
"""
