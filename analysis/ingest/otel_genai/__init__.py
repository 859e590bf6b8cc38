"""OpenTelemetry traces of agents: spans that say which agent did what for which piece of work, and called which tool.

Read are traces in the OTLP JSON encoding: whole documents with `resourceSpans`, the collector's file exporter, which
writes one of these a line, one span a line, and spans as the Python SDK prints them. Times are nanoseconds since 1970,
as numbers or, as the encoding has it, as text; a time of 0 is none.

Names have changed three times, and old instrumentation goes on writing old ones (`names.toml`): `gen_ai.operation.name`
with `gen_ai.provider.name` since 1.37 and with `gen_ai.system` before; `traceloop.span.kind` of OpenLLMetry;
`openinference.span.kind` of OpenInference. Where a span has several the first of these counts.

What is read from a span, and why:

* An agent that is invoked, and a workflow, is a task: it starts and ends with its span, and is part of the next task
  that encloses it. Everything else is no unit of purpose: a chain, or what OpenLLMetry calls a task, is a step of a
  program, and a call to a model is thought. These tell of nothing that touches anybody's data, and are silent.
* A tool that is executed is a use, with its duration; so is a retrieval. Which agent called it, the span says, or else
  the task that encloses it; otherwise it is the service that the trace names.
* A call that serves no agent known to the file serves its trace, which is one piece of work too, but has no start here.
  Spans of one trace may lie in several files; who encloses them is looked for in the same file, and how many were
  looked for in vain is told once.
* A tool that ended without an error was let in. One that ended with an error was refused only where the error says so
  (`names.toml`); otherwise nobody knows whether it was refused or failed, and nothing is taken to be decided.
* A task whose span ended in an error is broken; one whose span has no end is open.

What the traces cannot say, and is left open: credentials, so that no lifetime, reach or revocation can be told; what
was touched, and with what access: a tool's name is not taken for one; approvals; intents; who a person behind it was.
Traces are sampled and dropped when a queue is full, and do not say so: nothing that is missing is taken not to have
happened. An agent that is traced on both sides of a call is two tasks, one within the other, as the trace has it.

Source: OpenTelemetry, "Semantic conventions for GenAI agent and framework spans" (1.41, and 1.36 before it) and "for
generative client AI spans"; OTLP specification 1.5, "JSON Protobuf encoding"; "OpenTelemetry Protocol File Exporter";
OpenLLMetry, "Semantic conventions for AI"; OpenInference specification, "Semantic conventions".
"""
