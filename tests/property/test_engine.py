"""The engine: every rule holds under every control model that can be had, and nothing depends on what it should not."""

import builtins
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sim import scenario
from sim.audit import ids, rows
from sim.audit.rows import UNKNOWN, Decision, Facts, Kind, Outcome
from sim.control import model
from sim.control.model import Control
from sim.control.platform import terms_on
from sim.reference import run as engine
from sim.reference.run import simulate
from sim.streams import Streams
from sim.toml import DeclarationError
from sim.workload import cast
from sim.workload.fleet import generate
from sim.workload.intentions import Workload
from tests.property.rules import HOUR, RULES, Run, broken_rules
from tests.property.rules.credentials import units_are_kept
from tests.property.rules.policy import who_passes_by_is_not_asked
from tests.worlds import SECOND, THREATS, TOOLS, Do, Past, Strike, Work, control, platform, world

DATA = Path(__file__).parents[2] / "data"
CONTROLS = sorted((DATA / "controls").glob("*.toml"))


KNOBS = {
    "identity.binding": ["bearer", "audience", "key_exportable", "key_bound", "context_bound"],
    "identity.enforced": [True, False],
    "identity.bootstrap": ["none", "static_secret", "attested"],
    "identity.bootstrap_ttl_s": ["never", 30],
    "issue.unit": ["standing", "session", "task", "action"],
    "issue.authority": ["role_union", "own_role", "declared", "single"],
    "issue.resolved": ["baked", "looked_up", "both"],
    "issue.boundary": ["none", "own_role"],
    "lifetime.ttl_s": ["never", 10],
    "lifetime.renewal": ["none", "silent", "re_evaluated"],
    "lifetime.overlap_s": [0, 4],
    "lifetime.maximum_s": ["never", 12],
    "revocation.on": ["never", "task_end", "action_end"],
    "revocation.lost_signal": [0, 0.5],
    "revocation.failure": [0, 0.5],
    "revocation.cascade": ["none", "on_revoke", "on_expire"],
    "decision.at": ["onboarding", "login", "task", "request"],
    "decision.policy": ["none", "plan_only", "by_sensitivity", "by_privilege", "by_reversibility"],
    "decision.changes_to": ["none", "permit_all", "plan_only"],
    "decision.changes_at_hours": [0, 10 / 3600],
    "decision.coverage": [1, 0.5],
    "decision.cache_s": [0, 15],
    "decision.outage": ["closed", "open"],
    "decision.false_denial": [0, 0.4],
    "decision.adversarial_stop": [0, 0.5],
    "decision.false_denial_persistence": [0, 0.5, 1],
    "decision.adversarial_persistence": [0, 0.5, 1],
    "delegation.child": ["share", "inherit", "attenuate", "own_grant"],
    "delegation.depth": ["never", 1],
    "delegation.fan_out": ["never", 1],
    "delegation.on_parent_end": ["finish", "end"],
    "approval.from_tier": ["never", 3, 1],
    "approval.irreversible_from_tier": ["never", 1],
    "approval.from_level": ["tagging", "read"],
    "approval.people": [1, 2],
    "approval.covers": ["action", "task", "subtree"],
    "approval.budget": ["never", 2],
    "approval.binds": ["nothing", "arguments"],
    "approval.summary": ["platform", "agent"],
    "approval.asks": ["desk", "owner", "on_call", "ticket"],
    "approval.escalate_after_s": ["never", 7],
    "break_glass.after_s": ["never", 7],
    "break_glass.in_outage": [False, True],
    "break_glass.reviewed": [1, 0.5],
    "containment.cut_off": [True, False],
    "containment.revoke": [False, True],
    "containment.quarantine_s": [0, 20],
    "governance.review_days": ["never", 1],
    "governance.review_skipped": [0, 0.5],
    "governance.reviewer_approval": [1, 0.5],
    "governance.rotation_days": ["never", 1],
    "governance.rotation_failure": [0, 0.5],
    "governance.rotation_overlap_days": [0, 0.5, 2],
    "governance.offboarding_formal": [0, 0.5],
    "governance.reowning_days": ["never", 1],
    "governance.inventory": [1, 0.5],
    "governance.decommissioned": [1, 0.5],
}
Knobs = tuple[object, ...]
BY_WORK = {"task", "action"}

# Pairs of knobs, and when both cannot be had, from what each of them means.
CONTRADICTIONS = {
    ("identity.bootstrap", "issue.unit"): lambda secret, unit: secret != "none" and unit == "standing",
    ("identity.bootstrap_ttl_s", "issue.unit"): lambda ttl, unit: ttl != "never" and unit == "standing",
    ("identity.bootstrap_ttl_s", "identity.bootstrap"): lambda ttl, secret: (
        ttl != "never" and secret != "static_secret"
    ),
    ("issue.unit", "lifetime.ttl_s"): lambda unit, ttl: (
        (unit == "standing") != (ttl == "never") and unit not in BY_WORK
    ),
    ("issue.unit", "issue.authority"): lambda unit, holds: (
        (holds == "single" and unit != "action") or (holds == "declared" and unit not in BY_WORK)
    ),
    ("issue.unit", "issue.resolved"): lambda unit, asked: unit in BY_WORK and asked == "looked_up",
    # These two follow from others; said here, what cannot be completed is seen at once.
    ("issue.resolved", "revocation.on"): lambda asked, on: asked == "looked_up" and on != "never",
    ("issue.resolved", "delegation.child"): lambda asked, child: asked == "looked_up" and child != "share",
    ("issue.resolved", "decision.policy", "decision.at"): lambda asked, policy, at: (
        asked == "looked_up" and policy != "none" and at in {"onboarding", "login"}
    ),
    ("issue.unit", "revocation.on"): lambda unit, on: on not in {"never", f"{unit}_end"},
    ("issue.unit", "delegation.child"): lambda unit, child: child != "share" and unit not in BY_WORK,
    ("lifetime.ttl_s", "lifetime.renewal"): lambda ttl, renewal: renewal != "none" and ttl == "never",
    ("lifetime.renewal", "decision.at"): lambda renewal, at: renewal == "re_evaluated" and at == "onboarding",
    ("lifetime.maximum_s", "lifetime.renewal"): lambda most, renewal: most != "never" and renewal == "none",
    ("lifetime.overlap_s", "lifetime.renewal"): lambda overlap, renewal: overlap > 0 and renewal == "none",
    ("issue.unit", "lifetime.renewal"): lambda unit, renewal: renewal != "none" and unit == "action",
    ("revocation.lost_signal", "revocation.on"): lambda lost, on: lost > 0 and on == "never",
    ("revocation.failure", "revocation.on"): lambda failure, on: failure > 0 and on == "never",
    ("revocation.cascade", "delegation.child"): lambda cascade, child: (
        cascade != "none" and child in {"share", "own_grant"}
    ),
    ("revocation.cascade", "revocation.on"): lambda cascade, on: cascade == "on_revoke" and on == "never",
    ("delegation.on_parent_end", "revocation.cascade", "revocation.on"): lambda then, cascade, on: (
        then == "finish" and cascade != "none" and on != "never"
    ),
    ("issue.unit", "decision.at"): lambda unit, at: at == "login" and unit != "session",
    ("decision.at", "decision.false_denial"): lambda at, false_denial: false_denial > 0 and at == "onboarding",
    ("decision.policy", "approval.from_tier"): lambda policy, tier: policy != "none" and tier != "never",
    ("decision.policy", "approval.irreversible_from_tier"): lambda policy, tier: policy != "none" and tier != "never",
    ("decision.policy", "decision.changes_to"): lambda policy, successor: policy == "none" != successor,
    ("decision.changes_to", "decision.changes_at_hours"): lambda successor, hours: hours > 0 and successor == "none",
    ("decision.at", "decision.coverage"): lambda at, coverage: coverage < 1 and at != "request",
    ("decision.at", "decision.cache_s"): lambda at, cache: cache > 0 and at != "request",
    ("decision.policy", "decision.cache_s"): lambda policy, cache: cache > 0 and policy == "none",
    ("decision.at", "decision.outage"): lambda at, outage: outage == "open" and at == "onboarding",
    ("decision.at", "decision.adversarial_stop"): lambda at, stop: stop > 0 and at != "request",
    ("governance.review_days", "governance.review_skipped"): lambda days, share: days == "never" and share > 0,
    ("governance.rotation_days", "governance.rotation_failure"): lambda days, share: days == "never" and share > 0,
    ("governance.rotation_days", "governance.rotation_overlap_days"): lambda days, overlap: (
        overlap > 0 and (days == "never" or overlap >= days)
    ),
    ("issue.unit", "governance.rotation_days"): lambda unit, days: unit != "standing" and days != "never",
    ("issue.unit", "governance.decommissioned"): lambda unit, share: unit == "standing" and share < 1,
}


def _unasked(knob: str, neutral: object):
    """A knob that says how humans are asked contradicts that none are."""
    keys = (knob, "approval.from_tier", "approval.irreversible_from_tier", "decision.policy")
    return {
        keys: lambda value, least, final, policy: (
            value != neutral and (least, final, policy) == ("never", "never", "none")
        )
    }


CONTRADICTIONS |= {
    ("approval.irreversible_from_tier", "approval.from_tier"): lambda final, least: (
        "never" not in {final, least} and final >= least
    ),
    **_unasked("approval.people", 1),
    **_unasked("approval.covers", "action"),
    **_unasked("approval.binds", "nothing"),
    **_unasked("approval.summary", "platform"),
    **_unasked("approval.asks", "desk"),
    ("approval.escalate_after_s", "approval.asks"): lambda after, asks: after != "never" and asks in {"desk", "ticket"},
    ("approval.people", "approval.escalate_after_s", "approval.asks"): lambda people, after, asks: (
        people > 1 and after == "never" and asks in {"owner", "on_call"}
    ),
    ("approval.budget", "approval.covers"): lambda budget, covers: budget != "never" and covers == "action",
    ("approval.binds", "approval.covers"): lambda binds, covers: binds == "arguments" and covers != "action",
}
CONTRADICTIONS |= {
    ("break_glass.in_outage", "decision.at"): lambda out, at: out and at == "onboarding",
    ("break_glass.in_outage", "decision.outage"): lambda out, outage: out and outage == "open",
    ("break_glass.reviewed", "break_glass.after_s", "break_glass.in_outage"): lambda share, after, out: (
        share < 1 and after == "never" and not out
    ),
}


_ABOUT = {key: [(frozenset(keys), keys, rule) for keys, rule in CONTRADICTIONS.items() if key in keys] for key in KNOBS}
_BESIDE = {key: frozenset().union(*(keys for keys, *_ in about)) for key, about in _ABOUT.items()}


def contradictions(chosen: dict[str, object]) -> set[frozenset[str]]:
    """Pairs, or more, of the knobs chosen so far that cannot be had together."""
    pairs = {pair: rule for pair, rule in CONTRADICTIONS.items() if chosen.keys() >= set(pair)}
    return {frozenset(pair) for pair, rule in pairs.items() if rule(*(chosen[key] for key in pair))}


def completed(chosen: dict[str, object], draws: Random) -> dict[str, object] | None:
    """Some settings of all knobs that include these and do not contradict themselves, if there are any."""
    if contradictions(chosen):
        return None
    can_be = {key: [value for value in KNOBS[key] if _fits(chosen, key, value)] for key in KNOBS if key not in chosen}
    return _completed(chosen, can_be, draws)


def _completed(chosen: dict[str, object], can_be: dict[str, list[object]], draws: Random) -> dict[str, object] | None:
    """The same, where it is known what each of the other knobs can be."""
    if not can_be:
        return chosen
    # Whatever has least choice comes first, so that hardly anything has to be taken back.
    key = min(can_be, key=lambda each: (len(can_be[each]), draws.random()))
    for value in draws.sample(can_be[key], len(can_be[key])):
        known = {**chosen, key: value}
        rest = {
            each: [v for v in values if _fits(known, each, v)] if each in _BESIDE[key] else values
            for each, values in can_be.items() if each != key
        }  # fmt: skip
        if found := _completed(known, rest, draws):
            return found
    return None


def _fits(chosen: dict[str, object], key: str, value: object) -> bool:
    """Whether one more knob can be had beside those chosen."""
    known = {**chosen, key: value}
    return not any(rule(*map(known.get, keys)) for about, keys, rule in _ABOUT[key] if about <= known.keys())


Pair = tuple[tuple[str, object], tuple[str, object]]


def held(chosen: dict[str, object], pairs: Iterable[Pair]) -> list[Pair]:
    """Those pairs of settings that are among the ones chosen."""
    known = chosen.items()
    return [(one, two) for one, two in pairs if one in known and two in known]


def covering() -> list[Knobs]:
    """Few combinations that hold, between them, every pair of settings that can be had."""
    draws, found = Random(1), []  # noqa: S311 - no secret depends on it
    left = dict.fromkeys(
        pair for one, two in itertools.combinations(KNOBS, 2)
        for pair in itertools.product([(one, v) for v in KNOBS[one]], [(two, v) for v in KNOBS[two]])
    )  # fmt: skip
    while left:
        first = next(iter(left))
        # What cannot be completed once never can.
        tried = list(itertools.takewhile(bool, (completed(dict(first), draws) for _ in range(15))))
        best = max(tried, key=lambda each: len(held(each, left)), default=None)
        found += [tuple(best[key] for key in KNOBS)] if best else []
        for pair in held(best, left) if best else [first]:
            del left[pair]
    return found


def named(knobs: Knobs) -> dict[str, object]:
    """Settings of a control model."""
    return dict(zip(KNOBS, knobs, strict=True))


# Each of them cannot have something that the others can, within the times of a small world.
LIMITS = {
    "hasty": {
        "lifetime.most_s": 8, "lifetime.chained_most_s": 5, "renewal.maximum_s": 11, "binding.strongest": "audience",
        "revocation.cascade": "on_revoke", "issue.units": ["session", "task", "action"],
    },
    "blunt": {
        "lifetime": {"least_s": 10, "most_s": 10, "chained_most_s": 10, "chosen": False}, "scope.finest": "own_role",
        "revocation": {"ends": "role", "cascade": "none"}, "renewal.kinds": ["none", "silent"],
        "issue.units": ["session", "task", "action"],
    },
    "rotating": {
        "lifetime.least_s": 5, "lifetime.most_s": 15, "lifetime.chained_most_s": 15, "renewal.kinds": ["silent"],
        "issue.units": ["session"],
    },
    "keys": {
        "lifetime": {"least_s": "never", "most_s": "never", "chained_most_s": "never", "chosen": False},
        "renewal.kinds": ["none"], "issue.units": ["standing"],
    },
}  # fmt: skip
PLATFORMS = {name: platform(name, limits) for name, limits in LIMITS.items()}

# Few different times, so that much happens at one instant.
spans = st.sampled_from([0, 5, 10, 20])
acts = st.tuples(st.sampled_from(TOOLS), spans, spans, st.booleans()).map(lambda fields: Do(*fields))
apart = (st.just(0), st.booleans())
below = st.tuples(st.lists(acts, max_size=1), st.just([]), st.just(0), st.integers(0, 1), *apart).map(
    lambda fields: Work(*fields)
)
children = st.tuples(
    st.lists(acts, max_size=2), st.lists(below, max_size=1), st.just(0), st.integers(0, 3), *apart
).map(lambda fields: Work(*fields))
roots = st.tuples(st.lists(acts, max_size=3), st.lists(children, max_size=2), spans, st.just(0), st.integers(0, 1)).map(
    lambda fields: Work(*fields)
)
strikes = st.builds(
    lambda at, noticed, agent, threat, later, sent: Strike(at, noticed, agent, (), threat, noticed + later, sent),
    spans, st.sampled_from([25, 30, 1000]), st.integers(0, 1), st.sampled_from(THREATS), st.sampled_from([0, 5]),
    st.sampled_from(["near", "far"]),
)  # fmt: skip
figures = st.fixed_dictionaries({
    "lags": st.sampled_from([(0, 0), (2, 60), (15, 15)]),
    "platforms": st.sampled_from([("any", "any")] * 4 + list(itertools.permutations([*PLATFORMS, "any"], 2))),
    "heard": st.sampled_from([(True, True), (True, True), (False, True)]),
    "fleet.concurrency": st.integers(1, 2),
    "response.retry": st.sampled_from([0, 0.5, 1]),
    "response.attempts": st.sampled_from([1, 3]),
    "response.pause_s": st.sampled_from([1, 10]),
    "issue_latency.median_s": st.sampled_from([1e-9, 1, 7]),
    "decision_latency.median_s": st.sampled_from([1e-9, 1]),
    "approvers.staff": st.integers(1, 2),
    "approvers.opens": st.sampled_from([0, 7]),
    "approvers.inspection_median_s": st.sampled_from([1e-9, 5, 30]),
    "approvers.approval_rate": st.sampled_from([0, 0.5, 1]),
    "approvers.inspected": st.sampled_from([1, 1, 0.5, 0]),
    "approvers.fatigue_requests": st.sampled_from(["never", 1]),
    "approvers.misled": st.sampled_from([0, 0.5]),
    "deviation.share": st.sampled_from([0, 0.5]),
    "drift.share": st.sampled_from([0, 0.5, 1]),
    "approvers.timeout_hours": st.sampled_from([0.004, 24]),
    "ownership.team_owned": st.sampled_from([1, 0, 0.5]),
    "ownership.wrong_contacts": st.sampled_from([0, 0, 0.5, 1]),
    "workaround.per_waited_hour": st.sampled_from([0, 0, 360]),
    "workaround.after_s": st.sampled_from([0, 5]),
    "workaround.lasts_days": st.sampled_from([0.0001, 1]),
    "outages.per_day": st.sampled_from([0, 0, 1440]),
    "outages.minutes": st.just(0.2),
    "attacks": st.just((5, 8)),
    "t5_at": st.sampled_from(["issuer", "host"]),
    "leaks.share": st.sampled_from([0, 0.5, 1]),
    "lifecycle.keys": st.integers(1, 3),
    "lifecycle.grants_per_month": st.sampled_from([0, 4]),
    "stock.key_age_years": st.sampled_from([0.05, 2]),
    "migration.dual_run_days": st.sampled_from([0, 0, 0.5, 9]),
    "migration.overlooked": st.sampled_from([0, 0, 0.5]),
    "past.review_days": st.sampled_from(["never", 5]),
    "past.reviewer_approval": st.sampled_from([0, 0.5, 1]),
    "past.reowning_days": st.sampled_from(["never", 8]),
    "past.rotation_days": st.sampled_from(["never", 7]),
    "past.offboarding_formal": st.sampled_from([0, 1]),
    "past.inventory": st.sampled_from([1, 0.5]),
})  # fmt: skip


@dataclass(frozen=True)
class Small:
    """Two agents at most, a few short tasks, ties everywhere, sometimes an attacker or an early end."""

    works: list[Work]
    figures: dict[str, object]
    strikes: list[Strike]
    until: int
    seed: int
    past: Past | None = None

    def under(self, chosen: Control) -> Run:
        """What comes of it under a control model."""
        streams = Streams(self.seed)
        workload = world(
            self.works, self.figures, strikes=self.strikes, until=self.until, streams=streams, past=self.past
        )
        terms = terms_on(chosen, PLATFORMS)
        return Run(workload, chosen, simulate(workload, chosen, terms), terms)


# Somebody left and was followed, somebody leaves in the window, a team is without anybody for a while; two agents were
# abandoned, one of them in the window, whose places are taken.
PAST = Past(
    since=-90,
    people=[[0, 0, 0, -90, -20], [0, 1, 0, -15, 0.7], [0, 2, 0, 1, "never"]],
    lives=[[0, 0, -30, "never"], [0, 1, -80, -31], [1, 0, -9, "never"], [1, 1, -60, 0.4]],
    answering=[
        [0, 0, [0, 0], "owner", -30, -20], [0, 1, 0, "owner", -80, "never"], [1, 0, 0, "owner", -9, "never"],
        [1, 1, [0, 1], "owner", -15, 0.7], [0, 0, [0, 1], "escalation", -9, 0.7],
    ],
)  # fmt: skip
# When a run ends, and how long a shift is: one of seconds over days would be most of the work.
ends = st.sampled_from(
    [(35, 0.003), (35, 168), (600, 0.003), (86400, 1), (86400, 168), (4 * 86400, 2), (4 * 86400, 168)]
)
small_worlds = st.builds(
    lambda works, figures, strikes, end, *rest: Small(
        works, figures | {"approvers.handover_hours": end[1]}, strikes, end[0], *rest
    ),
    st.lists(roots, min_size=1, max_size=4), figures, st.lists(strikes, max_size=2), ends,
    st.integers(0, 99), st.sampled_from([None, PAST, PAST]),
)  # fmt: skip


@pytest.mark.parametrize("knobs", covering(), ids=lambda knobs: "-".join(map(str, knobs)))
@settings(max_examples=3)
@given(small=small_worlds)
def test_every_control_model_keeps_the_rules(knobs, small):
    """Whatever pair of knobs is set, in whatever small world, no rule is broken."""
    assert broken_rules(small.under(control(named(knobs)))) == {}


@given(st.tuples(*map(st.sampled_from, KNOBS.values())))
def test_contradictions_are_refused_by_name(knobs):
    """A control model is refused exactly where two knobs contradict each other, and the refusal names both."""
    expected = contradictions(named(knobs))
    try:
        control(named(knobs))
        refused = None
    except ValidationError as error:
        refused = str(error)
    assert (refused is not None) == bool(expected)
    assert refused is None or any(sum(f"{key} = " in refused for key in keys) == 2 for keys in expected)


def a_rich_run() -> Run:
    """Three agents with all that can happen to them, attacks and a response: every rule has something to look at."""
    chosen = control({
        "lifetime.ttl_s": 10, "lifetime.renewal": "silent", "revocation.on": "task_end", "decision.at": "task",
        "delegation.child": "attenuate", "approval.from_tier": 3, "approval.covers": "subtree",
        "containment.quarantine_s": 5, "issue.boundary": "own_role", "delegation.on_parent_end": "end",
    })  # fmt: skip
    child = Work([Do("write notes", 1, 5), Do("write money", 1, 5)], after=2)
    left = Work([Do("read notes", 1, 1), Do("read notes", 500, 1)], after=1, detached=True)
    works = [
        Work([Do("read notes", 1, 9), Do("write money", 2, 3)], [child, left], agent=agent, at=at)
        for agent, at in ((0, 0), (1, 0), (2, 0), (0, 1))
    ]
    stolen = [
        Strike(at=5, noticed=100, tries=["read notes"]),
        Strike(at=5, noticed=9, agent=1, tries=["read money"], threat="t2"),
    ]
    workload = world(works, {"attacks": (1, 1), "lags": (2, 3), "leaks.share": 1, "drift.share": 1}, strikes=stolen)
    return Run(workload, chosen, simulate(workload, chosen))


def a_governed_run() -> Run:
    """People come and go, keys are rotated, reviewers look, an old agent is removed."""
    chosen = control({
        "issue.unit": "standing", "issue.authority": "own_role", "lifetime.ttl_s": "never",
        "issue.resolved": "looked_up", "governance.rotation_days": 1, "governance.review_days": 1,
        "governance.reviewer_approval": 0,
    })  # fmt: skip
    before = {
        "past.review_days": 5, "past.reviewer_approval": 0, "past.reowning_days": 2, "past.offboarding_formal": 1,
        "lifecycle.grants_per_month": 4,
    }  # fmt: skip
    workload = world([Work([Do("read notes", 1, 9)])], before, until=4 * 86400, streams=Streams(5), past=PAST)
    return Run(workload, chosen, simulate(workload, chosen))


def changed(facts: Facts, table: str, which, **fields) -> Facts:
    """Facts in which the first such row of a table has other values; each value is computed from the row."""
    rows_ = list(getattr(facts, table))
    place = next(n for n, row in enumerate(rows_) if which(row))
    rows_[place] = rows_[place]._replace(**{name: value(rows_[place]) for name, value in fields.items()})
    return facts._replace(**{table: rows_})


def goes_on(facts: Facts) -> Facts:
    """Facts in which somebody calls once more who had to stop."""
    stopped = {e.task for e in facts.events if e.reason == rows.Reason.PARENT_ENDED}
    call = next(e for e in facts.events if e.kind == Kind.USE and e.task in stopped)
    return facts._replace(events=[*facts.events, call._replace(id=facts.events[-1].id + 1)])


def without(facts: Facts, table: str, which) -> Facts:
    """Facts without such rows of a table."""
    return facts._replace(**{table: [row for row in getattr(facts, table) if not which(row)]})


def anything(_row) -> bool:
    """Every row will do."""
    return True


GOVERNED = {
    "people_answer_while_they_are_there": lambda f: changed(f, "reowned", anything, valid_to=lambda r: r.valid_to + 1),
    "reviews_are_by_whoever_answers": lambda f: changed(
        f, "events", lambda e: e.kind == Kind.REVIEW, time=lambda e: e.time + 1
    ),
    "reviewers_take_away_what_they_look_at": lambda f: changed(
        f, "events", lambda e: e.kind == Kind.REVIEW and e.decision == Decision.DENY, decision=lambda _: Decision.ALLOW
    ),
    "keys_are_rotated": lambda f: changed(
        f, "acceptances", lambda a: a.reason == rows.Reason.RENEWAL, until=lambda a: a.until + 1
    ),
    "what_is_left_behind_goes": lambda f: changed(
        f, "acceptances", lambda a: a.reason == rows.Reason.OFFBOARDING, until=lambda _: 0
    ),
}
TAMPERED = GOVERNED | {
    "written_once": lambda f: f._replace(credentials=f.credentials * 2),
    "events_say_what_happened": lambda f: without(f, "acceptances", anything),
    "events_come_in_order": lambda f: changed(f, "events", lambda e: e.kind == Kind.TASK_END, time=lambda _: 0),
    "uses_are_valid": lambda f: changed(f, "credentials", anything, valid_to=lambda c: c.valid_from),
    "lifetimes_are_kept": lambda f: changed(f, "credentials", anything, valid_to=lambda c: c.valid_to + 1),
    "renewals_continue": lambda f: changed(f, "events", lambda e: e.kind == Kind.RENEW, credential=lambda e: e.issued),
    "silence_renews_everything": lambda f: without(f, "events", lambda e: e.kind == Kind.RENEW),
    "units_are_kept": lambda f: f._replace(scope_sets=dict.fromkeys(f.scope_sets, (1, 3))),
    "platforms_issue_what_they_can": lambda f: changed(f, "credentials", anything, binding=lambda c: c.binding + 1),
    "tasks_get_their_plan": lambda f: f._replace(scope_sets=dict.fromkeys(f.scope_sets, (0,))),
    "humans_agree_first": lambda f: without(f, "approvals", anything),
    "policy_is_kept": lambda f: changed(f, "events", lambda e: e.kind == Kind.DECIDE, policy=lambda _: 1),
    "answers_serve_again": lambda f: changed(f, "events", lambda e: e.kind == Kind.DECIDE, cached=lambda _: 1),
    "who_passes_by_is_not_asked": lambda f: f,
    "the_desk_is_fair": lambda f: changed(f, "approvals", lambda d: d.began > d.requested, began=lambda d: d.requested),
    "whoever_is_asked_answers": lambda f: changed(f, "approvals", anything, began=lambda d: d.began + 1),
    "requests_go_on_when_due": lambda f: changed(f, "approvals", anything, asked=lambda _: rows.Asked.TEAM),
    "entries_lead_to_whoever_is_there": lambda f: changed(
        f, "reaches", anything, valid_from=lambda r: r.valid_from + 1
    ),
    "the_tired_wave_through": lambda f: changed(f, "approvals", lambda d: d.inspected, inspected=lambda _: 0),
    "policy_is_asked": lambda f: without(f, "events", lambda e: e.kind == Kind.DECIDE),
    "attempts_are_counted": lambda f: f._replace(events=f.events * 2),
    "needs_are_of_what_began": lambda f: f._replace(outcomes=[]),
    "needs_are_as_intended": lambda f: changed(f, "needs", anything, ends=lambda n: n.ends + 1),
    "tasks_run_their_course": lambda f: changed(
        f, "outcomes", lambda o: o.outcome == Outcome.COMPLETED, ended=lambda o: o.ended + 1
    ),
    "agents_take_turns": lambda f: changed(
        f, "outcomes", lambda o: o.parent == UNKNOWN, started=lambda o: o.started + 1
    ),
    "revocations_arrive": lambda f: changed(f, "acceptances", anything, until=lambda a: a.until + 1),
    "revocations_say_when_they_began": lambda f: changed(
        f, "events", lambda e: e.kind == Kind.REVOKE, requested=lambda e: e.time
    ),
    "children_hold_no_more": lambda f: f._replace(edges=[e._replace(child=e.parent, parent=e.child) for e in f.edges]),
    # The parent calls with the credential of its first sub-agent.
    "nothing_flows_back": lambda f: changed(
        f,
        "events",
        lambda e: e.kind == Kind.USE and e.task != UNKNOWN and e.task == ids.root_of(e.task),
        credential=lambda e: next(c.id for c in f.credentials if c.task == e.task + 1),
    ),
    "attackers_find_what_is_valid": lambda f: changed(
        f, "incidents", anything, credentials=lambda i: i.credentials + 1
    ),
    "approvals_cover_what_they_say": lambda f: changed(f, "covered", anything, action=lambda c: c.approval >> 6),
    "changed_calls_are_seen": lambda f: changed(
        f, "events", lambda e: e.kind == Kind.USE and e.approval != UNKNOWN, args=lambda _: 7
    ),
    "strays_get_what_anybody_gets": lambda f: without(
        f, "events", lambda e: e.kind == Kind.USE and e.action == UNKNOWN
    ),
    "sub_agents_are_capped": lambda f: changed(
        f, "events", lambda e: e.kind == Kind.SPAWN, decision=lambda _: Decision.DENY
    ),
    "sub_agents_stop_with_their_parent": goes_on,
    "sub_agents_hold_what_they_are_given": lambda f: changed(
        f, "events", lambda e: e.kind == Kind.SPAWN, decision=lambda _: Decision.DENY
    ),
    "authority_is_settled_as_said": lambda f: changed(
        f, "credentials", anything, resolved=lambda _: rows.Resolution.BOTH
    ),
    "boundaries_hold": lambda f: f._replace(scope_sets=dict.fromkeys(f.scope_sets, (0,))),
    "identities_can_mint": lambda f: without(f, "trusts", lambda t: t.gate == rows.Gate.HUMAN),
    "owners_hand_keys": lambda f: changed(f, "credentials", anything, issuer=lambda _: cast.owner(0)),
    "emergencies_are_looked_at": lambda f: f._replace(
        events=[*f.events, f.events[0]._replace(kind=Kind.REVIEW, issued=7)]
    ),
    "owners_could_be_made_to": lambda f: changed(f, "trusts", anything, issuer=lambda _: cast.owner(0)),
    "attackers_get_what_is_valid": lambda f: changed(f, "steps", anything, allowed=lambda s: not s.allowed),
    "issuers_make_what_they_would": lambda f: changed(
        f, "steps", lambda s: s.incident >> 14 == rows.Threat.T2, atom=lambda _: 9
    ),
    "attackers_are_known": lambda f: without(f, "actors", anything),
    "calls_leave_copies": lambda f: changed(f, "leaks", anything, found=lambda leak: leak.found + 1),
    "what_arrives_is_counted": lambda f: changed(f, "demands", anything, approvals=lambda d: d.approvals + 9),
    "who_asks_was_counted": lambda f: without(f, "demands", anything),
    "mistakes_persist": lambda f: changed(
        f, "events", lambda e: e.kind == Kind.DECIDE, decision=lambda _: Decision.DENY
    ),
    "quarantine_holds": lambda f: changed(
        f, "events", lambda e: e.reason == rows.Reason.INCIDENT, decision=lambda _: Decision.ALLOW
    ),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_sees_what_it_forbids(rule):
    """A rule finds nothing wrong with a true run and something wrong with one that was tampered with."""
    run = a_governed_run() if rule.__name__ in GOVERNED else a_rich_run()
    assert list(rule(run)) == []
    single = {"issue": run.control.issue.model_copy(update={"authority": "single"})}
    unenforced = {"decision": run.control.decision.model_copy(update={"coverage": 0})}
    other = {units_are_kept: single, who_passes_by_is_not_asked: unenforced}
    chosen = run.control.model_copy(update=other.get(rule, {}))
    assert list(rule(Run(run.workload, chosen, TAMPERED[rule.__name__](run.facts)))) != []


BUSY = {
    "start": "2026-01-05T08:00:00Z", "window.warm_up_hours": 1, "window.hours": 3, "fleet.agents": 4,
    "sub_agents.share": 0.4, "discovery.share": 0.2,
}  # fmt: skip
CONDITIONS = {
    "as_it_is": {},
    "nothing_takes_time": {"issue_latency.median_s": 1e-9, "decision_latency.median_s": 1e-9},
    "overload": {"approvers.staff": 1, "approvers.inspection_median_s": 1800, "fleet.concurrency": 1},
    "to_the_minute": {},
    "to_the_hour": {},
}
OTHERS = [condition for condition in CONDITIONS if condition != "as_it_is"]
ROUNDED = {"to_the_minute": 60 * SECOND, "to_the_hour": HOUR}


@cache
def bundled(control_name: str) -> Control:
    """A bundled control model."""
    return model.load(DATA / "controls" / f"{control_name}.toml")


def busy(condition: str = "as_it_is", seed: int = 1, **replaced: object) -> Workload:
    """The bundled scenario for a working day, under a condition."""
    chosen = BUSY | CONDITIONS[condition] | replaced
    if condition in ROUNDED:
        constant = {f"{name}.sigma": 0 for name in ("issue_latency", "decision_latency")}
        chosen |= constant | {"approvers.inspection_median_s": 3600, "approvers.inspection_sigma": 0}
        chosen |= {f"{name}.median_s": 1e-9 for name in ("issue_latency", "decision_latency")}
    workload = generate(scenario.load(DATA / "scenarios" / "support_midsize.toml", chosen), seed, 0)
    return _rounded(workload, ROUNDED[condition]) if condition in ROUNDED else workload


def _rounded(workload: Workload, unit: int) -> Workload:
    """Arrivals rounded down, thought and calls to the nearest: many things happen at one instant."""
    known = workload.tasks.arrival != UNKNOWN
    arrival = np.where(known, workload.tasks.arrival // unit * unit, UNKNOWN)
    think, duration = (
        np.rint(each / unit).astype(np.int64) * unit for each in (workload.actions.think, workload.actions.duration)
    )
    tasks, actions = replace(workload.tasks, arrival=arrival), replace(workload.actions, think=think, duration=duration)
    return replace(workload, tasks=tasks, actions=actions)


NAMES = [path.stem for path in CONTROLS]


# Each model for some hours, as it is and under one more of the conditions; where there is time, a day under each.
HOURS = [
    (name, condition, 3) for place, name in enumerate(NAMES) for condition in ("as_it_is", OTHERS[place % len(OTHERS)])
]
DAYS = [pytest.param(name, condition, 8, marks=pytest.mark.soak) for name in NAMES for condition in CONDITIONS]


@pytest.mark.parametrize(("name", "condition", "hours"), [*HOURS, *DAYS])
def test_a_working_day_keeps_the_rules(name, condition, hours):
    """No rule is broken by a bundled model as it is, without latencies, under overload, or when all is rounded."""
    workload = busy(condition, **{"window.hours": hours})
    assert broken_rules(Run(workload, bundled(name), simulate(workload, bundled(name)))) == {}


@pytest.mark.parametrize("name", NAMES)
def test_one_seed_one_run(name):
    """The same seed gives the same facts, another seed or replicate gives others."""
    first, again, other = (simulate(busy(seed=seed), bundled(name)) for seed in (1, 1, 2))
    assert first == again
    assert first.events != other.events
    assert busy().tasks.arrival.tolist() != generate(busy().scenario, 1, 1).tasks.arrival.tolist()


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_creation_is_not_seen(name, monkeypatch):
    """Agents made in the opposite order leave the same facts, though much happens at one instant."""
    workload, made = busy("to_the_minute"), []
    expected = simulate(workload, bundled(name))

    def backwards(count):
        made.extend(reversed(builtins.range(count)))
        return made

    monkeypatch.setattr(engine, "range", backwards, raising=False)
    assert _sorted(simulate(workload, bundled(name))) == _sorted(expected)
    assert made == [3, 2, 1, 0]


def _sorted(facts: Facts):
    return [sorted(table) for table in facts[:-1]], facts.scope_sets


@pytest.mark.parametrize("name", NAMES)
def test_one_more_agent_changes_nobody_else(name):
    """What three agents do and hold is the same beside a fourth, as long as they do not wait for one approver."""
    plenty = {"incidents.t1b.count": 0, "approvers.staff": 1000}
    few, more = (simulate(busy(**plenty, **{"fleet.agents": n}), bundled(name)) for n in (3, 4))
    assert _of_agents(more, 3) == _of_agents(few, 3)
    assert len(more.events) > len(few.events)


def test_approvers_couple_agents():
    """With one approver, a third agent makes the others wait."""
    scarce = {"incidents.t1b.count": 0, "approvers.staff": 1, "approvers.inspection_median_s": 600}
    few, more = (simulate(busy(**scarce, **{"fleet.agents": n}), bundled("tiered")) for n in (2, 3))
    assert _of_agents(more, 2) != _of_agents(few, 2)


def _of_agents(facts: Facts, agents: int):
    """What is about the first agents, whose numbers are in every identifier; which approver it was is left out."""
    holder = {c.id: c.holder & 0xFFFF for c in facts.credentials}
    whose = {
        "events": lambda e: e.id >> 40,
        "credentials": lambda c: holder[c.id],
        "acceptances": lambda a: holder[a.credential],
        "outcomes": lambda o: o.agent & 0xFFFF,
        "needs": lambda n: n.principal & 0xFFFF,
        "trusts": lambda t: t.principal & 0xFFFF,
        "approvals": lambda d: d.action >> 40,
        "edges": lambda e: holder[e.child],
        "parties": lambda p: holder[p.credential],
    }
    kept = {table: sorted(row for row in getattr(facts, table) if of(row) < agents) for table, of in whose.items()}
    kept["approvals"] = [d._replace(decider=UNKNOWN) for d in kept["approvals"]]
    kept["events"] = [e._replace(principal=UNKNOWN) if e.kind == Kind.DECIDE_APPROVAL else e for e in kept["events"]]
    return kept


@pytest.mark.parametrize(
    "asked",
    [
        {"decision.at": "request", "decision.false_denial": 0.5},
        {"decision.at": "task", "decision.false_denial": 0.5},
        {"decision.at": "task", "decision.false_denial": 0.5, "approval.from_tier": 3},
        {
            "decision.at": "login", "decision.false_denial": 0.5, "issue.unit": "session", "lifetime.ttl_s": 1,
            "issue.authority": "own_role",
        },
        {"approval.from_tier": 3},
    ],
    ids=["at each request", "at each task", "for one action", "at login", "by an approver"],
)  # fmt: skip
def test_a_refusal_is_drawn_anew(asked):
    """Whoever may ask often enough is let through in the end, though half of the answers are no."""
    patient = {"response.retry": 1, "response.attempts": 16, "response.pause_s": 1, "approvers.approval_rate": 0.5}
    works = [Work([Do("write money")], at=100 * n) for n in range(60)]
    workload = world(works, {**patient, "approvers.inspection_median_s": 1e-9}, streams=Streams(3))
    facts = simulate(workload, control(asked))
    assert {Outcome(outcome.outcome) for outcome in facts.outcomes} == {Outcome.COMPLETED}
    answers = [event.decision for event in facts.events if event.kind in {Kind.DECIDE, Kind.DECIDE_APPROVAL}]
    assert answers.count(Decision.DENY) > 30


def test_patience_is_drawn_apart():
    """Whether an agent asks again for an action does not depend on whether it asked again to be admitted."""
    refused = {"response.retry": 0.5, "response.attempts": 2, "approvers.approval_rate": 0, "approvers.staff": 500}
    workload = world([Work([Do("write money")], agent=n) for n in range(800)], refused, streams=Streams(3))
    asked = control({"decision.at": "task", "decision.false_denial": 0.5, "approval.from_tier": 3})
    events = simulate(workload, asked).events
    admission = [e.task for e in events if e.kind == Kind.DECIDE and e.action == UNKNOWN]
    again = {task for task in admission if admission.count(task) == 2}
    requests = [e.task for e in events if e.kind == Kind.REQUEST_APPROVAL and e.task in again]
    share = len(requests) / len(set(requests)) - 1
    assert len(set(requests)) > 60
    assert abs(share - 0.5) < 4 * (0.25 / len(set(requests))) ** 0.5


@pytest.mark.parametrize(
    ("file", "load", "key"),
    [
        ("scenarios/support_midsize", scenario.load, "approvers.nonsense"),
        ("scenarios/support_midsize", scenario.load, "nonsense"),
        ("controls/standing_key", model.load, "lifetime.nonsense"),
        ("controls/standing_key", model.load, "nonsense"),
    ],
)
def test_an_unknown_key_names_its_path(file, load, key, tmp_path):
    """A key that nobody knows is refused with its path, in a file and as a setting, in one line."""
    table, _, last = key.rpartition(".")
    where = f"[{table}]\n" if table else ""
    path = tmp_path / "mine.toml"
    path.write_text(f"extends = '{DATA / file}.toml'\n{where}{last} = 1\n", "utf-8")
    for settings_ in ({}, {key: 1}):
        with pytest.raises(DeclarationError, match=key.replace(".", r"\.")) as refused:
            load(DATA / f"{file}.toml" if settings_ else path, settings_)
        assert "\n" not in str(refused.value)
