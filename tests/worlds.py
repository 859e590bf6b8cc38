"""Tiny worlds built by hand: nothing takes time and nothing is left to chance unless a test says so.

The organisation has two systems, `near` and `far`, and one group of resources in each: `notes` (tier 1) and `money`
(tier 3). An atom is written as its level and its group, "read notes". Times are seconds from the start of the run,
00:00 UTC on a Monday.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.audit import ids
from sim.audit.rows import FOREVER, UNKNOWN, Threat
from sim.control import policy
from sim.control.model import Control
from sim.control.platform import Platform
from sim.control.policy import Policy
from sim.scenario import LEVELS, Scenario
from sim.streams import Purpose, Stream, Streams
from sim.workload import cast, fleet
from sim.workload.compromises import place_of
from sim.workload.intentions import Actions, Compromise, Tasks, Workload
from sim.workload.lifecycle import Answering, Life, Lifecycle
from sim.workload.people import Person, Stay, known

SECOND = 1_000_000
POLICIES = Path(__file__).parents[1] / "data" / "policies"
START = 1_767_571_200 * SECOND  # 2026-01-05T00:00:00Z
THREATS = ("t1a", "t1b", "t1c", "t2", "t3", "t4", "t5")
TOOLS = ("read notes", "write notes", "read money", "write money")
SOURCE = {"source": "assumed: a world made by hand for a test"}

# Nothing is done about identities, in the past and from the take-over on.
GOVERNANCE = """
review_days = "never"
review_skipped = 0
reviewer_approval = 1
rotation_days = "never"
rotation_failure = 0
rotation_overlap_days = 0
offboarding_formal = 0
offboarding_median_days = 7
offboarding_sigma = 0
reowning_days = "never"
inventory = 1
"""

SCENARIO = """
name = "bench"
title = "A bench"
summary = "Nothing happens but what a test puts on it."
start = 2026-01-05T00:00:00Z
window = { warm_up_hours = 1, hours = 24 }
fleet = { agents = 1, concurrency = 1 }
ownership = { unowned = 0, team_owned = 1, acknowledged = 1, escalation = 0, wrong_contacts = 0 }
people = { identities_per_human = 10, leave_per_year = 0, move_per_year = 0, vacancy_days = 10 }
lifecycle = { years = 1, abandoned_per_year = 0, growth_per_year = 0, keys = 1, grants_per_month = 0 }
stock = { key_age_years = 1 }
migration = { dual_run_days = 0, overlooked = 0 }
calls = { law = "negative_binomial", mean = 3, size = 2, cap = 9 }
writes = { by_quarter = [0.5, 0.5, 0.5, 0.5] }
tool_time = { median_s = 5, sigma = 1, slow_share = 0, slow_median_s = 40, slow_sigma = 1, cap_s = 600 }
think = { median_s = 5, sigma = 1 }
sub_agents = { share = 0, extra_mean = 1, cap = 5, nested = 0.5, depth = 3, detached = 0 }
long_jobs = { share = 0, median_s = 3600, sigma = 0, cap_s = 86400 }
discovery = { share = 0 }
drift = { share = 0 }
deviation = { share = 0 }
response = { retry = 0, attempts = 1, pause_s = 10 }
issue_latency = { median_s = 1e-9, sigma = 0 }
decision_latency = { median_s = 1e-9, sigma = 0 }
outages = { per_day = 0, minutes = 10 }
weights = { tier_1 = 1, tier_2 = 3, tier_3 = 10, list = 1, read = 2, tagging = 3, write = 4, permissions = 5 }
workaround = { per_waited_hour = 0, after_s = 0, lasts_days = 1 }
leaks = { share = 0, place = "log", found_median_s = 5, found_sigma = 0 }
systems = [
  { name = "near", revocable = true, revocation_lag_s = 2, revocation_lag_sigma = 0 },
  { name = "far", revocable = true, revocation_lag_s = 60, revocation_lag_sigma = 0 },
]
groups = [
  { name = "notes", system = "near", tier = 1, resources = 10 },
  { name = "money", system = "far", tier = 3, resources = 10 },
]
tools = [
  { name = "read notes", level = "read", group = "notes" },
  { name = "write notes", level = "write", group = "notes", reversible = false },
  { name = "read money", level = "read", group = "money" },
  { name = "write money", level = "write", group = "money" },
]
intents = [
  { name = "look", share = 1, reads = ["read notes"], writes = ["write notes"] },
  { name = "pay", share = 1, reads = ["read money", "read notes"], writes = ["write money"] },
]
teams = [{ name = "team", intents = ["look", "pay"] }]

[debt]
unowned = 30
shadow = 60
never_needed = 10
excess_grant = 10
outlived_task = 5
outlived_agent = 20
overdue_rotation = 30
shared_secret = 45
renewed_unevaluated = 5
unreviewed = 15

[hazards]
process_per_hour = 1e-6
hijack_per_call = 1e-6
copy_per_call = 1e-8
copy_per_issue = 1e-8
log_per_hour = 1e-6
host_per_hour = 1e-6
host_per_issue = 1e-8
issuer_per_hour = 1e-6

[arrivals]
per_agent_day = 24
peak_to_trough = 1
peak_opens = 9
peak_closes = 18
burst_share = 0
burst_factor = 1
burst_minutes = 60

[approvers]
staff = 1
opens = 0
closes = 24
weekends = true
inspection_median_s = 30
inspection_sigma = 0
approval_rate = 1
inspected = 1
fatigue_requests = "never"
inspected_least = 0
misled = 0
stamp_s = 2
timeout_hours = 24
handover_hours = 168
"""

CONTROL = """
name = "bench"
title = "A bench"
summary = "A credential for each task, with its plan, that just ends."
stands_for = "Nothing that exists."
identity = { binding = "bearer", enforced = true, bootstrap = "none", bootstrap_ttl_s = "never" }
issue = { unit = "task", authority = "declared", resolved = "baked", boundary = "none" }
lifetime = { ttl_s = 100, renewal = "none", overlap_s = 0, maximum_s = "never" }
revocation = { on = "never", lost_signal = 0, failure = 0, cascade = "none" }
delegation = { child = "share", depth = "never", fan_out = "never", on_parent_end = "finish" }
containment = { cut_off = true, revoke = false, quarantine_s = 0 }

[approval]
from_tier = "never"
irreversible_from_tier = "never"
from_level = "tagging"
people = 1
covers = "action"
budget = "never"
binds = "nothing"
summary = "platform"
asks = "desk"
escalate_after_s = "never"

[break_glass]
after_s = "never"
in_outage = false
lasts_s = 100
reviewed = 1
review_days = 1

[decision]
at = "onboarding"
policy = "none"
changes_to = "none"
changes_at_hours = 0
coverage = 1
cache_s = 0
outage = "closed"
false_denial = 0
adversarial_stop = 0
false_denial_persistence = 0
adversarial_persistence = 0

[logging]
profile = "full"
intent = true
tool_call = true
data_touch = true
approval_context = true
dropped = 0
absent = []
skewed = []
skew_s = 0
"""

PLATFORM = """
name = "bench"
title = "A bench"
summary = "Whatever is asked for."
stands_for = "Nothing that exists."
lifetime = { least_s = 1, most_s = "never", chained_most_s = "never", chosen = true }
renewal = { kinds = ["none", "silent", "re_evaluated"], maximum_s = "never" }
revocation = { ends = "credential", cascade = "on_expire" }
scope = { finest = "single" }
binding = { strongest = "context_bound" }
issue = { units = ["standing", "session", "task", "action"], per_second = "unpublished" }
"""

CONTROL += f"\n[governance]{GOVERNANCE}decommissioned = 1\n"
SCENARIO += f"\n[past]{GOVERNANCE}"
_UNSOURCED = {"tools", "teams", "fleets"}

Settings = Mapping[str, Any]


def scenario(settings: Settings | None = None) -> Scenario:
    """The bench, with some of its figures replaced; keys are dotted.

    `lags`, `heard` and `platforms` are those of near and far, `attacks` how often attackers try and how long apart,
    `t5_at` what threat t5 strikes.
    """
    figures = dict(settings or {})
    attempts, gap = figures.pop("attacks", (1, 60))
    places = {"t3": "log", "t5": figures.pop("t5_at", "issuer")}
    lags, heard = figures.pop("lags", (2, 60)), figures.pop("heard", (True, True))
    platforms = figures.pop("platforms", ("any", "any"))
    content = _content(SCENARIO, figures)
    for system, lag, revocable, name in zip(content["systems"], lags, heard, platforms, strict=True):
        system |= {"revocation_lag_s": lag, "revocable": revocable, "platform": name}
    content["incidents"] = [_incidents(name, places.get(name, "process"), attempts, gap) for name in THREATS]
    return Scenario.model_validate(content)


def _incidents(name: str, place: str, attempts: int, gap: float) -> dict[str, Any]:
    """A threat that strikes only where a test says so, and is noticed and contained when it says."""
    law = {"detection_median_s": 600, "detection_sigma": 0, "containment_median_s": 0, "containment_sigma": 0}
    tries = {"count": 0, "attempts": attempts, "gap_mean_s": gap}
    return {"name": name, "technique": "AML.T0012", "place": place, **tries, **law, **SOURCE}


def control(settings: Settings | None = None) -> Control:
    """A credential a task, for 100 s, not renewed and not revoked, no decision, no approval; or as the settings say."""
    made = Control.model_validate(_content(CONTROL, settings or {}))
    named = {"policy": made.decision.policy, "successor": made.decision.changes_to}
    return made.model_copy(update={key: bundled_policy(name) for key, name in named.items() if name != "none"})


@cache
def bundled_policy(name: str) -> Policy:
    """A bundled policy."""
    return policy.read(POLICIES / f"{name}.cedar", POLICIES)


def platform(name: str, settings: Settings | None = None) -> Platform:
    """A platform that gives whatever is asked for; or as the settings say."""
    return Platform.model_validate({**_content(PLATFORM, settings or {}), "name": name})


@dataclass(frozen=True)
class Do:
    """One intended action: the atom it needs, thought before it and time it takes, in seconds."""

    needs: str
    think: float = 0
    takes: float = 0
    planned: bool = True


@dataclass(frozen=True)
class Work:
    """One task: its actions, its children, and when it arrives or after how many of its parent's actions it starts.

    Its parent waits for it unless it is detached.
    """

    actions: Sequence[Do] = ()
    children: Sequence["Work"] = ()
    at: float = 0
    after: int = 0
    agent: int = 0
    detached: bool = False


@dataclass(frozen=True)
class Strike:
    """A threat that strikes at a time, is noticed at another and contained then or later; what is tried in turn.

    A token that is copied on its way was sent to the verifier of that system; an issuer has no agent.
    """

    at: float
    noticed: float
    agent: int = 0
    tries: Sequence[str] = ()
    threat: str = "t1b"
    contained: float | None = None
    sent_to: str = "near"


@dataclass(frozen=True)
class Past:
    """What happened before, in days from the start of the run; `never` is not told of.

    `people` are (seat, holder, team, joined, left), `lives` (place, so many after it, set up, abandoned), `answering`
    (place, so many after it, seat and holder or team, role, from, to).
    """

    since: float
    people: Sequence[Sequence[Any]] = ()
    lives: Sequence[Sequence[Any]] = ()
    answering: Sequence[Sequence[Any]] = ()

    def lifecycle(self, until: int, streams: Streams) -> Lifecycle:
        """The same in the simulator's terms; what would come after the end is not told."""
        people = [
            Person(cast.seat(seat, n), (Stay(team, _day(a), known(_day(b), until), seat),))
            for seat, n, team, a, b in self.people
        ]
        lives = [Life(slot, before, 0, _day(a), known(_day(b), until)) for slot, before, a, b in self.lives]
        return Lifecycle(_day(self.since), until, tuple(people), tuple(lives), tuple(self._answering(until)), streams)

    def _answering(self, until: int) -> Iterator[Answering]:
        for slot, before, who, role, starts, ends in self.answering:
            owned = cast.agent(Life(slot, before, 0, 0, 0).number)
            owner = cast.team(who) if isinstance(who, int) else cast.owner(cast.seat(*who))
            yield Answering(owned, owner, role, _day(starts), known(_day(ends), until), acknowledged=True)


def _day(number: float | str) -> int:
    return FOREVER if isinstance(number, str) else START + micros(86_400 * number)


@dataclass(frozen=True, slots=True)
class Steady(Stream):
    """A stream without chance: an exponential is its mean, a lognormal its median; targets are the ones listed."""

    targets: Mapping[int, Sequence[int]] = field(default_factory=dict)
    astray: bool = False

    def one_exponential(self, path, mean):  # noqa: ARG002  the signatures are those of a stream
        """The mean, whatever the path."""
        return micros(mean)

    def one_lognormal(self, path, median, sigma):  # noqa: ARG002
        """The median, whatever the path."""
        return micros(median)

    def draw(self, path):
        """The target of an attacker's step, the second of what an agent may stray to, or as any stream."""
        if self.astray:
            return 1
        return self.targets[path >> 20][path % (1 << 20)] if self.targets else Stream.draw(self, path)


@dataclass(frozen=True, slots=True)
class Scripted(Streams):
    """Streams without chance, for traces that are worked out with a pencil."""

    targets: Mapping[int, Sequence[int]] = field(default_factory=dict)

    def of(self, purpose, attempt=0):
        """A steady stream."""
        targets = self.targets if purpose is Purpose.THEFT_TARGET else {}
        return Steady(Streams.of(self, purpose, attempt).key, targets, purpose is Purpose.DRIFT_TARGET)


def micros(seconds: float) -> int:
    """Seconds as whole microseconds."""
    return round(seconds * SECOND)


def atom(name: str) -> int:
    """Number of an atom in the catalogue: five levels a group, in the order of the file."""
    level, group = name.split()
    return ("notes", "money").index(group) * 5 + LEVELS.index(level)


def world(  # noqa: PLR0913 - each is of one of the things that a world has
    works: Sequence[Work],
    settings: Settings | None = None,
    *,
    strikes: Sequence[Strike] = (),
    until: float = 7 * 86400,
    streams: Streams | None = None,
    past: "Past | None" = None,
) -> Workload:
    """A workload of these root tasks, numbered for each agent in the order given; it ends at `until` seconds.

    Nothing was there before it unless a `past` is given.

    What an attacker tries is taken from the strikes unless `streams` are given, which then leave it to chance.
    """
    there = [] if past is None else [slot for slot, *_ in past.lives]
    agents = 1 + max([work.agent for work in works] + [strike.agent for strike in strikes] + there, default=0)
    figures = scenario({"fleet.agents": agents, **(settings or {})})
    tasks = [row for number, work in _numbered(works) for row in _rows(work, number)]
    compromises = _compromises(strikes, figures)
    tries = {each.id: tuple(map(atom, s.tries)) for each, s in zip(compromises, strikes, strict=True) if s.tries}
    drawn_from = streams or Scripted(seed=1, targets=tries)
    return Workload(
        scenario=figures, streams=drawn_from,
        lifecycle=None if past is None else past.lifecycle(START + micros(until), drawn_from),
        begins=START, t0=START, t1=START + micros(until),
        atoms=fleet.catalogue(figures), lags=fleet.revocation_lags(figures), tools=TOOLS, intents=("look", "pay"),
        roles=(tuple(sorted(map(atom, TOOLS))),) * agents,
        keys_since=np.full(agents, START - micros(100)),
        tasks=_tasks(tasks), actions=_actions(tasks),
        compromises=tuple(compromises),
    )  # fmt: skip


def _compromises(strikes: Sequence[Strike], figures: Scenario) -> list[Compromise]:
    """Strikes as a workload has them, numbered for each threat in the order given."""
    found: list[Compromise] = []
    for strike in strikes:
        threat = Threat[strike.threat.upper()]
        number = sum(each.threat is threat for each in found)
        place = next(each.place for each in figures.incidents if each.name == strike.threat)
        times = (strike.at, strike.noticed, strike.noticed if strike.contained is None else strike.contained)
        at, noticed, contained = (START + micros(time) for time in times)
        verifier = ("near", "far").index(strike.sent_to)
        found.append(
            Compromise(ids.incident(threat, number), threat, place_of(place, strike.agent), strike.agent, verifier, at,
                       noticed, contained)
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class _Row:
    """A task with its place in the tree."""

    id: int
    parent: int
    work: Work


def _numbered(works: Sequence[Work]) -> Iterator[tuple[int, Work]]:
    seen: dict[int, int] = {}
    for work in works:
        number = seen[work.agent] = seen.get(work.agent, -1) + 1
        yield number, work


def _rows(work: Work, root: int) -> list[_Row]:
    """The tree of a root task, parents before children, nodes numbered in that order."""
    rows: list[_Row] = []

    def walk(each: Work, parent: int) -> None:
        task = ids.task(work.agent, root, len(rows))
        rows.append(_Row(task, parent, replace(each, agent=work.agent)))
        for child in each.children:
            walk(child, task)

    walk(work, UNKNOWN)
    return rows


def _tasks(rows: Sequence[_Row]) -> Tasks:
    rows = sorted(rows, key=lambda row: row.id)
    root = [row.parent == UNKNOWN for row in rows]
    return Tasks(
        id=_column(row.id for row in rows),
        agent=_column(row.work.agent for row in rows),
        parent=_column(row.parent for row in rows),
        intent=_column(0 for _ in rows),
        arrival=_column(START + micros(row.work.at) if top else UNKNOWN for row, top in zip(rows, root, strict=True)),
        spawned_after=_column(UNKNOWN if top else row.work.after for row, top in zip(rows, root, strict=True)),
        detached=np.array([not top and row.work.detached for row, top in zip(rows, root, strict=True)], dtype=bool),
    )


def _actions(rows: Sequence[_Row]) -> Actions:
    listed = [
        (ids.action(row.id, ordinal), act)
        for row in sorted(rows, key=lambda row: row.id)
        for ordinal, act in enumerate(row.work.actions)
    ]
    return Actions(
        id=_column(number for number, _ in listed),
        tool=_column(TOOLS.index(act.needs) for _, act in listed),
        atom=_column(atom(act.needs) for _, act in listed),
        resource=_column(0 for _ in listed),
        think=_column(micros(act.think) for _, act in listed),
        duration=_column(micros(act.takes) for _, act in listed),
        args=_column(0 for _ in listed),
        reason=_column(not act.planned for _, act in listed),
    )


def _column(values) -> np.ndarray:
    return np.array(list(values), dtype=np.int64)


def _content(text: str, settings: Settings) -> dict[str, Any]:
    """A file's content, every table with a source, some dotted keys replaced."""
    content = tomllib.loads(text)
    for key, value in settings.items():
        *tables, last = key.split(".")
        table = content
        for name in tables:
            table = table[name]
        table[last] = value
    return {name: value if name in _UNSOURCED else _sourced(value) for name, value in content.items()}


def _sourced(value: Any) -> Any:
    if isinstance(value, list):
        return [_sourced(each) for each in value]
    return {**value, **SOURCE} if isinstance(value, dict) else value
