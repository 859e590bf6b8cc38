"""Inspect (AI Security Institute): what agents did in the samples of an evaluation, event by event, with times.

Read are samples as JSON, each alone as an unpacked `.eval` archive has them, or all in one log. A record is an event of
a sample. What is read from it, and why:

* A sample is a task: it begins with `sample_init`, and ends with the first `score` that is final, as completed, or with
  the limit or the error that stopped it, as broken. An agent that works in a span of its own is a task below it; how
  that ended its span does not tell.
* A call of a tool (`tool`) is one event, with its start, and since 2025 with its end. What an error means says its
  type, which is one of a closed list: refused by an approver, or by the sandbox, which permits less; never run; failed.
* An approval by a person is a request and its answer in one; one by a rule is a decision.
* Calls of models, states, stores, steps, logs and what happened in a sandbox within a call are silent: they are what a
  call consists of, or what an agent thinks.

What such a log cannot tell: under which credentials the sandbox and its tools act, and what these may do; whether there
are other samples. No person is named. A sample without an id of its own (`uuid`) is known by its number, its epoch and
its first time.

Sources: Inspect documentation, "inspect_ai.event" and "inspect_ai.log"; inspect_ai 0.3, `event` and `tool`.
"""
