"""The engine: what the model means, in plain SimPy, written to be read.

An agent works on `concurrency` root tasks at once, first come, first served. A task thinks, asks, acts, in order; after
so many of its actions it spawns a child, which works beside it; it ends when its own actions and all its children have.

For each action, from the instant the agent is ready (`requested`):

1. where policy is asked at each request, it answers after its latency; a refusal is final for this attempt
2. where the atom is gated, an approver inspects: the desk, the agent's owner or who is on call, as the model asks
   (`contacts`); first come, first served, in their hours; what is begun is finished; what nobody takes up goes on to
   the next, where the model says so; who has waited as long as the timeout is refused; who has taken up many that day
   waves some through unseen
3. a credential that covers the atom is found or issued. Waiting for an issue already under way is not a second issue
4. the use is accepted if the credential is valid at this verifier now. A use at the end of a credential is refused; a
   grant and a use at one instant succeed. That is asked when an action starts, not while it runs

After a refusal the agent tries again, by a draw of its own, or gives up: then its task is broken, spawns no more and
ends when its running children have. A task is broken too when a child of it is: not all of it was done.

Need is a fact of the workload. It counts from when an action really started, as long as it takes. One that was refused
for good keeps the time it was asked at, and what its task therefore never reached, sub-tasks included, would have been
needed on the schedule of thought and work alone from there on.

Order is total: (time, phase, path), with the phases of `clock.Phase`. Nothing depends on the order of insertion.

Credentials. *standing*: one key an agent, from before the run. *session*: one an agent at a time, shared by its tasks
and sub-agents. *task*: one a task, from its start, with the atoms of its declared plan; an atom that the plan did not
name is asked for when it is needed, and is a further credential of that task. *action*: one an action. A child shares
its parent's (`share`) or has its own (`attenuate`), cut from its parent's, whose plan includes its own; what its plan
did not name it asks of the issuer, like anybody. Policy that decides at a task's start is asked again for each further
credential.
At its end, or `lifetime.overlap_s` before, a credential is renewed while its unit is active, as `lifetime.renewal`
says; what would end no later, because both end with a parent's, waits for its end. Where a unit ends and the issuer is
told and does what it should, each verifier that ever hears of it stops accepting the credential after that system's
lag, if it has not ended before. What is cut from it ends alike where that cascades, on revocation or on expiry too; a
renewal is cut from the parent's credential of that moment.

Platforms. A credential belongs to one platform: what a unit needs of several is one credential on each, issued at once
where the unit begins, otherwise when it is first used there. Each is issued, lives, is renewed and ends on the terms on
which the control model holds on that platform (`sim.control.platform`), unit of issue included: a task may work from
its own token on one, its agent's session on another, and a static key from before the run on a third. What is asked of
policy and of people before a credential is needed does not depend on the platform. `wallet.stopped` ends a credential
because something is wrong, and with it whatever the platform cannot keep apart.

A gated atom is left out of the credentials of a task and is issued alone, after the approval, for its action; it ends
with the action, unless nothing is ever revoked. Under a session or a static key the approval guards the use instead.

Mintable is what the issuers would grant to whoever holds the identity, states any intent and retries: everything within
the model's ceiling (the agent's team, or the department). Gated atoms that are issued alone are written with the gate
`human`, and the chance that the most tired approver does not look. Written once an agent and platform, as trusts.
Static keys, and what policy forbids whoever asks, are written with the gate `issuer`: only whoever is the issuer, the
administration that makes keys, could have them made.

Policy. Where one is in force it says of each atom, for the intent and the plan that a task declares: allowed, allowed
with an approval of some tier, or forbidden. Before there is a task, at onboarding and at a login, there is no intent
and no plan. At a request it is asked about the one action; at a task's start about each atom of the plan, and the task
is refused where nothing of it is allowed; later about whatever else it needs. What it forbids is left out of a
credential that is decided about. A credential that tasks share is not decided about when one of them starts: what such
a task is refused, its key still opens. Whoever attacks states the intent that serves best and a plan that names what
is tried. An action that passes no enforcement point is asked nothing. An answer may serve the same agent again for a
while, for what the policy that gave it cannot tell apart. When the policy changes, what was decided stays. While the
decision point is not to be had, everything is refused, or everything let through.

An attacker strikes a place at an instant. t1a copies a token on its way to one verifier, without its key; t1b reads
credentials and such keys as can be copied from a process; t1c makes the process sign with whatever it holds; t2 is the
agent, and asks its issuer for what it does not hold; t3 reads what calls left in a log; t4 is a parent task, with what
its tree holds while it runs; t5 is the issuer, or has read the secret that an agent shows it. Atoms of the catalogue
are tried one after another, at intervals of an exponential law. A binding that verifiers look at and policy stand
before an attempt as they stand before the agent's own; nothing does before the issuer's. So does an approver who looks:
before each call, where each request is decided; else where the agent asks before it calls, which whoever drives the
agent (t2, t4) cannot get round, and where the issuer asks before it issues a gated atom alone. Whoever has only a copy,
or the process's signature, uses what was approved before, or a key that the approval was never part of, and asks
nobody. What an attacker asks of an approver is answered at once and tires nobody.

When the response acts, whoever is in a process is thrown out, and the model says what else: copies are cut off, what
was taken is revoked (a static key replaced), new requests of the agent are refused for a while.

Where a scenario says so, an owner who is tired of an agent's waiting hands it a standing key of the team's, past the
issuer (`workaround`); where a model allows it, an owner breaks the glass for what has waited long enough or is not
answered (`emergency`). Then whatever the agent does is done with that, and nobody is asked (`handed`).
"""
