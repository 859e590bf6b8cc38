"""Which knobs of a control model cannot both be had, pair by pair, and what to change."""

from typing import TYPE_CHECKING

from sim.control.decision import NO_POLICY

if TYPE_CHECKING:
    from sim.control.model import Control

# Pairs of keys, whether they contradict each other here, and what to change.
Pairs = list[tuple[str, str, bool, str]]


def contradictions(control: "Control") -> Pairs:
    """Every pair of knobs that can contradict each other, and whether these do."""
    topics = (_of_identity, _of_issue, _of_lifetime, _of_revocation, _of_decision, _of_approval, _of_break_glass,
              _of_governance, _of_logging)  # fmt: skip
    return [pair for topic in topics for pair in topic(control)]


def _of_identity(control: "Control") -> Pairs:
    bootstrap, finite = control.identity.bootstrap, control.identity.bootstrap_ttl_s != "never"
    standing, unasked = control.issue.unit == "standing", "a standing key is there and asked for by nobody"
    return [
        ("identity.bootstrap", "issue.unit", bootstrap != "none" and standing, unasked),
        ("identity.bootstrap_ttl_s", "issue.unit", finite and standing, unasked),
        ("identity.bootstrap_ttl_s", "identity.bootstrap", finite and bootstrap != "static_secret",
         "no secret lies there that could be replaced"),
    ]  # fmt: skip


def _of_issue(control: "Control") -> Pairs:
    unit, authority, finite = control.issue.unit, control.issue.authority, control.lifetime.ttl_s != "never"
    asks_only = control.issue.resolved == "looked_up"
    return [
        ("issue.unit", "lifetime.ttl_s", unit == "standing" and finite, "a standing credential does not end"),
        ("issue.unit", "lifetime.ttl_s", unit == "session" and not finite, "a session ends: give seconds"),
        ("issue.authority", "issue.unit", authority == "single" and unit != "action",
         "only a credential for one action holds a single atom"),
        ("issue.authority", "issue.unit", authority == "declared" and unit not in {"task", "action"},
         "only a task declares needs: issue per task or action"),
        ("issue.resolved", "issue.unit", asks_only and unit in {"task", "action"},
         "what is issued for a task or an action says what for: both"),
        ("issue.resolved", "decision.policy", asks_only and control.decision.policy != NO_POLICY
         and control.decision.at in {"onboarding", "login"}, "what policy leaves out is baked in: both"),
        ("delegation.child", "issue.unit", control.delegation.child != "share" and unit not in {"task", "action"},
         "a sub-agent's own credential is issued per task or action"),
    ]  # fmt: skip


def _of_lifetime(control: "Control") -> Pairs:
    lifetime, unit = control.lifetime, control.issue.unit
    renews, overlaps = lifetime.renewal != "none", lifetime.overlap_s > 0
    return [
        ("lifetime.renewal", "lifetime.ttl_s", renews and lifetime.ttl_s == "never",
         "nothing ends that could be renewed"),
        ("lifetime.renewal", "decision.at",
         lifetime.renewal == "re_evaluated" and control.decision.at == "onboarding",
         "nothing is decided at run time"),
        ("lifetime.maximum_s", "lifetime.renewal", lifetime.maximum_s != "never" and not renews,
         "nothing is renewed that could reach a maximum"),
        ("lifetime.overlap_s", "lifetime.renewal", overlaps and not renews, "nothing is renewed that could overlap"),
        ("lifetime.overlap_s", "lifetime.ttl_s", overlaps and control.overlap >= control.ttl,
         "it would be renewed before it begins"),
        ("lifetime.renewal", "issue.unit", renews and unit == "action",
         "an action starts once: there is nothing to renew"),
    ]  # fmt: skip


def _of_revocation(control: "Control") -> Pairs:
    revocation, unit, never = control.revocation, control.issue.unit, control.revocation.on == "never"
    return [
        ("revocation.on", "issue.unit", revocation.on == "task_end" and unit != "task",
         "what ends with a task must be issued for one"),
        ("revocation.on", "issue.unit", revocation.on == "action_end" and unit != "action",
         "what ends with an action must be issued for one"),
        ("revocation.lost_signal", "revocation.on", revocation.lost_signal > 0 and never,
         "nothing is revoked of which nobody could be told"),
        ("revocation.failure", "revocation.on", revocation.failure > 0 and never,
         "nothing is revoked that could fail"),
        ("revocation.cascade", "delegation.child",
         revocation.cascade != "none" and control.delegation.child in {"share", "own_grant"},
         "no credential is cut from another"),
        ("revocation.cascade", "revocation.on", revocation.cascade == "on_revoke" and never,
         "nothing is revoked with which another could end"),
        ("delegation.on_parent_end", "revocation.cascade",
         control.delegation.on_parent_end == "finish" and revocation.cascade != "none" and not never,
         "what is cut from a parent's credential ends with it: end, or let it not cascade"),
    ]  # fmt: skip


def _of_decision(control: "Control") -> Pairs:
    decision = control.decision
    return [
        ("decision.policy", "approval.from_tier",
         decision.policy != NO_POLICY and control.approval.from_tier != "never",
         "a policy says itself what needs approval"),
        ("decision.policy", "approval.irreversible_from_tier",
         decision.policy != NO_POLICY and control.approval.irreversible_from_tier != "never",
         "a policy says itself what needs approval"),
        ("decision.changes_to", "decision.policy",
         decision.changes_to != NO_POLICY and decision.policy == NO_POLICY, "there is no policy that could change"),
        ("decision.changes_at_hours", "decision.changes_to",
         decision.changes_at_hours > 0 and decision.changes_to == NO_POLICY, "nothing changes then"),
        ("decision.coverage", "decision.at", decision.coverage < 1 and decision.at != "request",
         "only single actions can pass by an enforcement point"),
        ("decision.cache_s", "decision.at", decision.cache_s > 0 and decision.at != "request",
         "only answers about single actions are used again"),
        ("decision.cache_s", "decision.policy", decision.cache_s > 0 and decision.policy == NO_POLICY,
         "without a policy no two questions are known to be alike"),
        ("decision.outage", "decision.at", decision.outage == "open" and decision.at == "onboarding",
         "nothing is decided at run time"),
        ("decision.at", "issue.unit", decision.at == "login" and control.issue.unit != "session",
         "only sessions begin with a login"),
        ("decision.false_denial", "decision.at", decision.false_denial > 0 and decision.at == "onboarding",
         "nothing is decided at run time"),
        ("decision.adversarial_stop", "decision.at", decision.adversarial_stop > 0 and decision.at != "request",
         "an attacker's request is seen only where each request is decided"),
    ]  # fmt: skip


def _of_approval(control: "Control") -> Pairs:
    approval, nobody = control.approval, not control.asks_humans
    least, final = approval.from_tier, approval.irreversible_from_tier
    one, goes_on = approval.covers == "action", approval.escalate_after_s != "never"
    return [
        ("approval.irreversible_from_tier", "approval.from_tier",
         least != "never" and final != "never" and final >= least, "it asks for nothing that is not asked for anyway"),
        ("approval.people", "approval.from_tier", approval.people > 1 and nobody, "nobody is asked"),
        ("approval.covers", "approval.from_tier", not one and nobody, "nobody is asked"),
        ("approval.binds", "approval.from_tier", approval.binds != "nothing" and nobody, "nobody is asked"),
        ("approval.summary", "approval.from_tier", approval.summary == "agent" and nobody, "nobody is asked"),
        ("approval.asks", "approval.from_tier", approval.asks != "desk" and nobody, "nobody is asked"),
        ("approval.escalate_after_s", "approval.asks", goes_on and approval.asks in {"desk", "ticket"},
         "nobody comes after the desk"),
        ("approval.people", "approval.escalate_after_s",
         approval.people > 1 and approval.asks in {"owner", "on_call"} and not goes_on,
         "one person owns an agent or is on call: no second would be asked"),
        ("approval.budget", "approval.covers", one and approval.budget != "never", "one action is one use"),
        ("approval.binds", "approval.covers", not one and approval.binds == "arguments",
         "the arguments of later actions are not known yet"),
    ]  # fmt: skip


def _of_break_glass(control: "Control") -> Pairs:
    glass, decision = control.break_glass, control.decision
    return [
        ("break_glass.in_outage", "decision.at", glass.in_outage and decision.at == "onboarding",
         "nothing is decided at run time that could be out"),
        ("break_glass.in_outage", "decision.outage", glass.in_outage and decision.outage == "open",
         "everything is let through then"),
        ("break_glass.reviewed", "break_glass.after_s", glass.reviewed < 1 and not glass.ever,
         "nothing is taken that could go without a review"),
    ]  # fmt: skip


def _of_governance(control: "Control") -> Pairs:
    governance, standing = control.governance, control.issue.unit == "standing"
    return [
        *governance.contradictions("governance"),
        ("governance.rotation_days", "issue.unit", governance.rotation is not None and not standing,
         "no standing key is there to rotate"),
        ("governance.decommissioned", "issue.unit", governance.decommissioned < 1 and standing,
         "standing keys stay: nothing replaces them"),
    ]  # fmt: skip


def _of_logging(control: "Control") -> Pairs:
    logging = control.logging
    return [
        ("logging.skew_s", "logging.skewed", bool(logging.skewed) != bool(logging.skew_s),
         "name the systems whose clock is wrong, and by how many seconds"),
        ("logging.skewed", "logging.absent", bool({*logging.skewed} & {*logging.absent}),
         "a log that is not there has no clock"),
    ]  # fmt: skip


def said(control: "Control", key: str) -> object:
    """What a dotted key of a control model says."""
    section, knob = key.split(".")
    return getattr(getattr(control, section), knob)
