"""The knobs of a control model, read from TOML; each section says what it stands for and where its figures come from.

Knobs are orthogonal. Where two contradict each other the model is refused, naming both; nothing is silently mended.

An atom is *gated* when an approver must say yes before an action that needs it: its level is at least
`approval.from_level`, and its group's tier at least `approval.from_tier`, or `approval.irreversible_from_tier` where
what it does cannot be undone. Where credentials are issued for a task or an action, a gated atom is never part of a
wider credential: it is issued alone, after the approval, for as long as that covers.

With a policy (`decision.policy`) that policy says which uses need an approval, and of which tier: an atom is gated for
a task where the policy forbids it without approval and permits it with one; what it permits with none is forbidden.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, InstanceOf, StrictBool, model_validator

from sim.audit.ids import Unit
from sim.audit.rows import FOREVER, Asked, Binding, Bootstrap, Cascade, Gate, Resolution
from sim.control import policy
from sim.control.contradictions import contradictions, said
from sim.control.decision import NO_POLICY, DecisionPoint
from sim.control.emergency import BreakGlass
from sim.control.logs import Logging
from sim.control.policy import Policy
from sim.declaration import CENTURY_S, Limit, Never, Share, Sourced, Span, Strict, Whole, agree, declared
from sim.governance import Governance
from sim.scenario import LEVELS, Level, Scenario
from sim.toml import DeclarationError, Lookup


def _is_a_tier(value: object) -> object:
    if value != "never" and not (type(value) is int and value in {1, 2, 3}):
        msg = '1, 2, 3 or "never"'
        raise ValueError(msg)
    return value


Tier = Annotated[Literal[1, 2, 3] | Never, BeforeValidator(_is_a_tier)]

BindingKind = Literal["bearer", "audience", "key_exportable", "key_bound", "context_bound"]
UnitKind = Literal["standing", "session", "task", "action"]
Authority = Literal["role_union", "own_role", "declared", "single"]
RenewalKind = Literal["none", "silent", "re_evaluated"]


class Identity(Sourced):
    """As whom agents act, what ties a credential to its holder, and what proves to the issuer who asks.

    A token without its key works from anywhere as `bearer`, only at the verifier it was sent to with `audience`, and
    not at all where it is bound to a key; `key_bound` or `context_bound`, not even for who has read the process; where
    verifiers look (`enforced`).

    `bootstrap`: whoever is in the process may ask (`none`), a `static_secret` lies on the host that works from anywhere
    until it is replaced, every `bootstrap_ttl_s`, or the platform vouches anew (`attested`).
    """

    binding: BindingKind
    enforced: StrictBool
    bootstrap: Literal["none", "static_secret", "attested"]
    bootstrap_ttl_s: Span


class Issue(Sourced):
    """What one credential is issued for, with what authority, and when that is settled.

    `role_union`: whatever any agent of the department needs, and what was added to the agent's assignments;
    `own_role`: whatever the kinds of work of the agent's own team need; `declared`: the plan of the task; `single`: the
    one action.

    `resolved`: when it is settled what a credential opens. `baked`: at issue, until it ends. `looked_up`: at each use,
    from the assignments of its holder: the agent's role, and what was added to it until a review takes that away.
    `both`: what it was issued with, as far as the assignments say so at its use. Where assignments are looked up, what
    was added widens what the issuer gives, whatever the authority.

    `boundary`: what no credential of an agent opens and no issuer gives beyond, whatever is granted: the department's
    needs, or those of the agent's own team. What people hand over past the issuer is bounded by nothing.
    """

    unit: UnitKind
    authority: Authority
    resolved: Literal["baked", "looked_up", "both"]
    boundary: Literal["none", "role_union", "own_role"]


class Lifetime(Sourced):
    """When a credential ends by itself, and what happens then.

    Renewal `none`: the agent asks anew when it next needs one. `silent`: extended at its end while its unit is active,
    without a decision, until `maximum_s` after the first. `re_evaluated`: the same with a fresh decision. It comes
    `overlap_s` before the end, and for so long both are accepted.
    """

    ttl_s: Span
    renewal: RenewalKind
    overlap_s: Annotated[Whole, Field(ge=0, le=CENTURY_S)]
    maximum_s: Span


class Revocation(Sourced):
    """What ends a credential before its time; it reaches each verifier with that system's lag.

    `lost_signal`: share of ends that nobody tells the issuer of, because the process crashed. `failure`: share of
    credentials whose revocation is not carried out. `cascade`: whether a credential cut from another ends when that is
    revoked (`on_revoke`), and besides when that ends by itself (`on_expire`, as Vault's leases do).
    """

    on: Literal["never", "task_end", "action_end"]
    lost_signal: Share
    failure: Share
    cascade: Literal["none", "on_revoke", "on_expire"]


class Delegation(Sourced):
    """What a sub-agent acts with, and how many there may be.

    `share`: its parent's credentials. `inherit`: one of its own with the whole of its parent's plan, cut from that.
    `attenuate`: the same, cut to its own plan. `own_grant`: one from the issuer for its own plan, cut from nothing.
    Below a root task are `depth` generations of sub-agents at most, and each agent calls up `fan_out` at most; beyond,
    an agent does the sub-agent's work itself, at once, before it goes on.

    `on_parent_end`, of a sub-agent that nobody waits for: it goes on to its own end, and so does what it holds
    (`finish`), or it is stopped, between two calls at once, otherwise after the call or request under way (`end`).
    What is stopped has ended: what it holds goes as `revocation.on` says, and what it had still to do is lost.
    """

    child: Literal["share", "inherit", "attenuate", "own_grant"]
    depth: Limit
    fan_out: Limit
    on_parent_end: Literal["finish", "end"]


class Approval(Sourced):
    """Before what a human is asked, who, how many, and what their yes is good for.

    Asked for is what has at least the level `from_level` on a group of sensitivity tier `from_tier` or above; of what
    cannot be undone, `irreversible_from_tier` or above. `people` must each say yes, one after another, all different.
    A yes covers the one action, or every later use of that atom in the `task` or its `subtree` of sub-agents, `budget`
    uses in all. `binds`: whether a call with other arguments than were shown is refused. `summary`: who writes what
    the approver reads; an agent that was turned may mislead with it.

    `asks`: the people of the `desk`; the person or any member of the team that is entered as the agent's `owner`; who
    is `on_call`, at any hour; or a `ticket` is written, which the desk sees when its next working hours begin.

    What nobody has taken up `escalate_after_s` goes on to the next: from the owner to the second person named, where
    one is, to the agent's team, to who is on call, to the desk. Whether that entry reaches anybody nobody knows before.
    """

    from_tier: Tier
    irreversible_from_tier: Tier
    from_level: Level
    people: Annotated[Whole, Field(ge=1, le=4)]
    covers: Literal["action", "task", "subtree"]
    budget: Limit
    binds: Literal["nothing", "arguments"]
    summary: Literal["platform", "agent"]
    asks: Literal["desk", "owner", "on_call", "ticket"]
    escalate_after_s: Span


class Containment(Sourced):
    """What the response to an incident does; the organisation's law says when.

    Whoever is in a process is thrown out. `cut_off`: who only has a copy is kept from every verifier besides (an
    address blocked, an account watched); where that is not so, a copy works until it ends. `revoke`: what was taken is
    revoked, with the lags of verifiers; a static key is replaced. `quarantine_s`: for so long new requests of the agent
    are refused.
    """

    cut_off: StrictBool
    revoke: StrictBool
    quarantine_s: Annotated[Whole, Field(ge=0, le=CENTURY_S)]


class Stewardship(Governance):
    """What is done about identities from the take-over on.

    `decommissioned`: the share of the old static keys of agents at work that is removed once a model without standing
    keys has taken over and both have run side by side (a scenario's `migration` says how long); the rest lives on
    beside what replaces it. What abandoned agents left stays.
    """

    decommissioned: Share


class Control(Strict):
    """A control model."""

    name: str
    title: str
    summary: str
    stands_for: str
    identity: Identity
    issue: Issue
    lifetime: Lifetime
    revocation: Revocation
    decision: DecisionPoint
    delegation: Delegation
    approval: Approval
    break_glass: BreakGlass
    containment: Containment
    governance: Stewardship
    logging: Logging
    # What `decision.policy` names, once it is read.
    policy: InstanceOf[Policy] | None = Field(default=None, exclude=True)
    successor: InstanceOf[Policy] | None = Field(default=None, exclude=True)

    @model_validator(mode="after")
    def _knobs_agree(self) -> Self:
        """Two knobs that cannot both be had are named."""
        agree(contradictions(self), lambda key: said(self, key))
        return self

    @property
    def unit(self) -> Unit:
        """What one credential is issued for."""
        return Unit[self.issue.unit.upper()]

    @property
    def binding(self) -> Binding:
        """What ties a credential to its holder."""
        return Binding[self.identity.binding.upper()]

    @property
    def resolved(self) -> Resolution:
        """When it is settled what a credential opens."""
        return Resolution[self.issue.resolved.upper()]

    @property
    def accumulates(self) -> bool:
        """Whether issuers give what was added to an agent's assignments, besides its role."""
        return self.issue.authority == "role_union" or self.resolved is not Resolution.BAKED

    @property
    def bootstrap(self) -> Bootstrap:
        """What proves to the issuer who asks."""
        return Bootstrap[self.identity.bootstrap.upper()]

    @property
    def bootstrap_ttl(self) -> int:
        """How long a secret on a host is in use before it is replaced, microseconds, or FOREVER."""
        return micros(self.identity.bootstrap_ttl_s)

    @property
    def enforced(self) -> bool:
        """Whether there is a binding that verifiers look at."""
        return self.identity.enforced and self.binding is not Binding.BEARER

    @property
    def quarantine(self) -> int:
        """How long new requests are refused after an incident, µs."""
        return self.containment.quarantine_s * 1_000_000

    @property
    def ttl(self) -> int:
        """Lifetime of a credential, microseconds, or FOREVER."""
        return micros(self.lifetime.ttl_s)

    @property
    def maximum(self) -> int:
        """How long renewals may extend it, microseconds since the first issue, or FOREVER."""
        return micros(self.lifetime.maximum_s)

    @property
    def overlap(self) -> int:
        """How long before its end a credential is renewed, microseconds."""
        return self.lifetime.overlap_s * 1_000_000

    @property
    def cascade(self) -> Cascade:
        """Whether a credential that is cut from another ends with it."""
        return Cascade[self.revocation.cascade.upper()]

    @property
    def asks(self) -> Asked:
        """Through whom an approval is asked for."""
        return Asked[self.approval.asks.upper()]

    @property
    def patience(self) -> int:
        """How long a request waits for one of those asked before it goes on to the next, µs, or FOREVER."""
        return micros(self.approval.escalate_after_s)

    @property
    def gate(self) -> Gate:
        """What stands between a request for an ordinary atom and its grant."""
        if self.decision.at == "onboarding":
            return Gate.NONE
        return Gate.CLASSIFIER if self.decision.adversarial_stop > 0 else Gate.RULE

    @property
    def asks_humans(self) -> bool:
        """Whether there is anything that a human must agree to; a policy may ask for it."""
        return (
            self.decision.policy != NO_POLICY
            or not self.approval.from_tier == self.approval.irreversible_from_tier == "never"
        )

    def gates(self, level: Level, tier: int, *, reversible: bool) -> bool:
        """Whether an approver must say yes before an action of this level on a group of this tier."""
        asked = [self.approval.from_tier] + ([] if reversible else [self.approval.irreversible_from_tier])
        privileged = LEVELS.index(level) >= LEVELS.index(self.approval.from_level)
        return privileged and any(least != "never" and tier >= least for least in asked)

    def without_logging(self) -> dict[str, Any]:
        """All knobs that change facts, for the run's identity; a policy counts by what it says."""
        knobs = self.model_dump(mode="json", exclude={"logging", "title", "summary", "stands_for"})
        for key, named in (("policy", self.policy), ("changes_to", self.successor)):
            if named is not None:
                knobs["decision"][key] = named.hash
        return knobs

    def policies(self, begins: int, t0: int) -> list[tuple[Policy, int]]:
        """Each policy, and since when it is in force (µs), in a run from `begins` whose window starts at `t0`."""
        change = t0 + round(self.decision.changes_at_hours * 3_600_000_000)
        times = ((self.policy, begins), (self.successor, change))
        return [(named, since) for named, since in times if named is not None]


def load(
    path: Path,
    settings: Mapping[str, Any] | None = None,
    lookup: Lookup | None = None,
    policies: Path | None = None,
) -> Control:
    """Read and validate a control model; `settings` are dotted keys that replace what the file says.

    `lookup` tells where a bare name lies that the file extends and that is not beside it; `policies` is the folder of
    the bundled policies and their schema.

    Raises:
        DeclarationError: a file cannot be read, a key or value is not allowed, or two knobs contradict each other.
    """
    control = declared(Control, path, settings, lookup)
    named = {"policy": control.decision.policy, "successor": control.decision.changes_to}
    named = {key: name for key, name in named.items() if name != NO_POLICY}
    if named and policies is None:
        msg = f"{path}: decision.policy: nobody said where policies lie"
        raise DeclarationError(msg)
    read = {
        key: policy.read(policy.find(name, path.parent, policies), policies)
        for key, name in named.items()
        if policies is not None
    }
    return control.model_copy(update=read)


def demand(control: Control, scenario: Scenario) -> None:
    """Check that an organisation has what a control model wants of it.

    Raises:
        DeclarationError: naming the two keys, the values and the remedy.
    """
    people, staff = control.approval.people, scenario.approvers.staff
    if control.asks_humans and people > staff:
        msg = f"{control.name}: approval.people = {people} contradicts approvers.staff = {staff} of {scenario.name}"
        raise DeclarationError(f"{msg}: no request would ever find so many; ask fewer, or have more")
    if (
        control.issue.unit == "standing"
        and control.decision.at == "onboarding"
        and control.decision.policy != NO_POLICY
    ):
        msg = f"{control.name}: decision.policy = {control.decision.policy} contradicts issue.unit = standing"
        raise DeclarationError(f"{msg}: its keys are from before the run, and nobody is asked again; decide at request")
    known = [system.name for system in scenario.systems]
    for knob in ("absent", "skewed"):
        if strange := [name for name in getattr(control.logging, knob) if name not in known]:
            msg = f"{control.name}: logging.{knob} = {strange[0]!r}: no system of {scenario.name}"
            raise DeclarationError(f"{msg}; it has {', '.join(known)}")


def micros(seconds: int | str) -> int:
    """A span in microseconds, or FOREVER."""
    return FOREVER if isinstance(seconds, str) else seconds * 1_000_000
