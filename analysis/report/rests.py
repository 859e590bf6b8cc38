"""What the answer hangs on, in sentences for the first screen: those of most weight first."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from analysis.comparison import Comparison
from analysis.joint import NEEDED
from analysis.report.clamps import idealised, limits
from analysis.report.grounds import Ground, control_grounds, scenario_grounds, setting
from analysis.report.legible import listed, shortened, spoken, visible
from analysis.report.load import Pool, busy, remains
from analysis.report.numerals import quantity
from analysis.report.varied import rests
from analysis.sensitivity import Sensitivity

_DAY: Final = timedelta(days=1)
_NOT_VARIED: Final = (
    f"Assumptions not varied: what others would do, and whether a claim holds in {100 * NEEDED:g} % of draws of them, "
)
# What the first screen's figures hang on most directly, and which settings to quote; the page lists all further down.
_MAIN: Final[Mapping[str, tuple[str, ...]]] = {
    "arrivals": ("per_agent_day",),
    "approvers": ("staff", "inspection_median_s"),
    "issue_latency": ("median_s",),
    "think": ("median_s",),
    "response": ("retry",),
    "intents": (),
    "groups": (),
    "weights": (),
}


def rests_on(
    comparison: Comparison, asked: Sequence[Pool] = (), varied: Sensitivity | None = None, left: Pool | None = None
) -> tuple[str, ...]:
    """What the answer hangs on, a sentence each: `asked`, how busy all are; `left`, what is not done."""
    names = [shortened(row.control) for row in comparison.rows]
    said = (
        *_declared(comparison, varied),
        busy(asked, names),
        remains(left, names),
        *limits(comparison),
        _revoked(comparison),
        _assumed(comparison),
        *_held_out(comparison),
        _controls(comparison),
    )
    return tuple(part for part in said if part)


def _declared(comparison: Comparison, varied: Sensitivity | None) -> Iterator[str]:
    yield from _section(comparison.scenario, "rebuilt").values()
    yield from _of_a_log(comparison)
    # Of a log that is replayed there is no scenario that could be named again.
    tells = "only outlive sensitivity tells" if comparison.observed is None else "is not known"
    yield f"{_NOT_VARIED}{tells}." if varied is None else rests(varied)
    asking = [row for row in comparison.rows if _section(row.settings, "approval").get("from_tier", "never") != "never"]
    approvers = _section(comparison.scenario, "approvers")
    if asking and isinstance(approvers.get("inspected"), int | float):
        names = listed([shortened(row.control) for row in asking])
        share = f"{100 * approvers['inspected']:g} % of requests{_tired(approvers)}"
        yield (
            f"For {names}: that approvers really inspect {share}, and {_recognised(approvers)}. Obtainable is all or "
            "nothing: whatever lets one attack in 1,000 pass counts as wholly obtainable."
        )


def _of_a_log(comparison: Comparison) -> Iterator[str]:
    """Whose authority a replay pools, and what its figures are reckoned from."""
    if comparison.observed is None:
        return
    pooled = [row for row in comparison.rows if _section(row.settings, "issue").get("authority") == "role_union"]
    if pooled and comparison.agents > 1:
        names = listed([shortened(row.control) for row in pooled])
        yield (
            f"For {names}: what all {comparison.agents:,} identities did is pooled, and each may do it; a cut against "
            "that is the share that an identity never did itself."
        )
    if comparison.measured_for < _DAY:
        span = quantity(comparison.measured_for.total_seconds(), "s")
        yield f"Figures per day, and per year, are extrapolated from {span} of log."
    yield "Intervals are over draws for the same log: how another day would differ is not in them."


def _held_out(comparison: Comparison) -> Iterator[str]:
    """Whether the scenario's world is like the real one: what was published and never put in is the test of that."""
    if comparison.observed is None:
        yield (
            "Published figures that were not put in are compared with bundled scenarios in docs/stylised_facts.md; not "
            "all agree."
        )


def _recognised(approvers: Mapping[str, Any]) -> str:
    """How often whoever looks sees an attack for what it is."""
    misled = approvers.get("misled", 0)
    if not isinstance(misled, int | float) or not misled:
        return "recognise every attack"
    return f"allow {100 * misled:g} % of the attacks that they inspect"


def _tired(approvers: Mapping[str, Any]) -> str:
    """What is left of inspection where approvers tire."""
    least = approvers.get("inspected_least")
    if approvers.get("fatigue_requests", "never") == "never" or not isinstance(least, int | float):
        return ""
    return f" while fresh, and no fewer than {100 * least:g} % when tired"


def _revoked(comparison: Comparison) -> str:
    """After how long a revocation is heard of, where a model revokes at all; a replayed log names its own."""
    rows = [row for row in comparison.rows if _section(row.settings, "revocation").get("on", "never") != "never"]
    systems = comparison.scenario.get("systems")
    if not rows or not isinstance(systems, list) or "rebuilt" in comparison.scenario:
        return ""
    names = listed([shortened(row.control) for row in rows])
    lags = _by_lag([system for system in systems if isinstance(system, dict)])
    return f"For {names}: that verifiers hear of a revocation, in the median, {listed(lags)}." if lags else ""


def _by_lag(systems: Sequence[Mapping[str, object]]) -> list[str]:
    """How late systems hear, those that are alike together."""
    lags: dict[str, list[str]] = {}
    for system in systems:
        lag = system.get("revocation_lag_s")
        heard = f"after {quantity(float(lag), 's')}" if isinstance(lag, int | float) else "at a time not stated"
        told = heard if system.get("revocable", True) else "never"
        lags.setdefault(told, []).append(visible(str(system.get("name", ""))))
    return [f"{told} ({', '.join(each)})" for told, each in lags.items()]


def _assumed(comparison: Comparison) -> str:
    grounds = scenario_grounds(comparison)
    assumed = [ground for ground in grounds if ground.basis in {"assumed", "partly assumed"}]
    if not assumed:
        return ""
    main = [said for name in _MAIN if (said := _main(name, comparison, assumed))]
    sourced = sum(ground.basis != "not stated" for ground in grounds)
    examples = f": {'; '.join(main)}" if main else ""
    return f"In the scenario, {len(assumed)} of {sourced} groups of figures are assumed wholly or in part{examples}."


def _main(name: str, comparison: Comparison, assumed: list[Ground]) -> str:
    """A group of assumed figures in a few words."""
    own = [ground for ground in assumed if ground.place.partition(":")[0] == spoken(name)]
    if not own:
        return ""
    section = _section(comparison.scenario, name)
    quoted = [" ".join(reversed(setting(key, section[key]))) for key in _MAIN[name] if key in section]
    detail = ", ".join(quoted) or (str(len(own)) if len(own) > 1 else "")
    return f"{spoken(name)} ({detail})" if detail else spoken(name)


def _controls(comparison: Comparison) -> str:
    grounds = [ground for row in comparison.rows for ground in control_grounds(row) if ground.basis != "not stated"]
    assumed = sum(ground.basis != "published" for ground in grounds)
    given = "; whatever they ask for is given, by no one product" if idealised(comparison) else ""
    return f"In the control models, {assumed} of {len(grounds)} groups of knobs are assumed{given}." if grounds else ""


def _section(settings: Mapping[str, object], name: str) -> Mapping[str, Any]:
    section = settings.get(name)
    return section if isinstance(section, dict) else {}
