"""The figures of a comparison: each shows one thing, in the order of the models, with units and intervals."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from analysis.comparison import Comparison, Row
from analysis.lacks import Lack
from analysis.report import captions
from analysis.report.captions import Caption
from analysis.report.drawing import Drawing, drawing, style
from analysis.report.draws import joint_draws
from analysis.report.exceedance import LOSSES, Curve, exceedance, often
from analysis.report.findings import Amount, Findings
from analysis.report.forest import DIAMOND, HOLLOW, SOLID, SQUARE, Axis, Dots, Series, forest
from analysis.report.frontier import Spot, frontier
from analysis.report.ledgers import Bounds, debt, log_beside_truth
from analysis.report.legible import spoken
from analysis.report.numerals import is_time, reading
from analysis.report.ranking import comparable
from analysis.report.sheet import rates
from analysis.report.splitting import Page, named, signed
from analysis.report.table import judged
from analysis.report.tornado import tornados
from analysis.report.varied import sentence, together
from analysis.report.waterfall import Bar, Fall, waterfalls
from analysis.sensitivity import Sensitivity
from analysis.split import Part, Split

# Those that do not form in so short a window: the one that does, outlived_task, would pass for stock beside them.
CAUSES: Final = ("unowned", "outlived_agent", "overdue_rotation", "never_needed")

_JEWELS: Final = Axis(
    "hours per agent-day in which a crown jewel could be changed while no task needed it", "h", most=24.0, step=6.0
)
_ESTATE: Final = Axis("percent of the estate's declared value that an attacker could change or read", "%")
_REVOKE: Final = Axis("time from the end of a task until no credential that it used is accepted (logarithmic)", "s")
_TAIL: Final = Axis("time from the last need of what a credential carries until its end (logarithmic)", "s")
_TIMES: Final = ((captions.REVOKE, "time_to_revoke", _REVOKE), (captions.TAIL, "stale_tail", _TAIL))


def figures(comparison: Comparison, found: Findings) -> tuple[Drawing, ...]:
    """Every figure that the comparison has numbers for."""
    with style():
        return tuple(_all(comparison, found))


def undrawn(comparison: Comparison, found: Findings) -> tuple[str, ...]:
    """Which figures would be empty, and why, a sentence each."""
    lacks: dict[Caption, list[Lack | None]] = {}
    if not _spots(comparison):
        cells = [row.cell(key) for row in comparison.rows for key in ("latency", "obtainable")]
        lacks[captions.FRONTIER] = [cell.lack for cell in cells]
    for caption, measure, _ in _TIMES:
        amounts = [amount for stat in ("p50", "p95") for amount in found.amounts(measure, stat)]
        if amounts and not _quantiles(found, measure):
            lacks[caption] = [amount.lack for amount in amounts]
    whys = {caption: dict.fromkeys(each.why for each in those if each) for caption, those in lacks.items()}
    return tuple(f"{caption.title} is not drawn, as no model has values for it: {'; or '.join(each)}."
                 for caption, each in whys.items())  # fmt: skip


def split_figure(page: Page) -> Drawing | None:
    """What each factor adds, from the baseline to the model; None where nothing differs in any run."""
    drawn = [part for part in page.split.parts if not (part.same or part.unknown)]
    if not drawn:
        return None
    with style():
        return drawing(
            waterfalls([_fall(page.split, part) for part in drawn]), captions.SPLIT, " ".join(page.sentences)
        )


def tornado_figure(found: Sensitivity) -> Drawing | None:
    """What each assumption does to the difference of two models; None where none does anything."""
    drawn = [each for each in found.tornados if each.effects and not each.limited]
    if not drawn:
        return None
    with style():
        return drawing(tornados(drawn), captions.TORNADO, " ".join(sentence(each) for each in drawn))


def draws_figure(found: Sensitivity) -> Drawing | None:
    """The difference of two models in each joint draw of all assumptions; None where there were no draws."""
    drawn = [(each, each.joint) for each in found.tornados if each.joint and each.joint.verdict != "same"]
    if not drawn:
        return None
    with style():
        return drawing(joint_draws(drawn), captions.DRAWS, " ".join(together(each) for each, _ in drawn))


def _fall(split: Split, part: Part) -> Fall:
    unit, at = part.column.unit, part.baseline.mean
    bars = [Bar(split.baseline, 0.0, at, part.baseline, "whole", reading(part.baseline, unit).text)]
    for block, share in zip(split.blocks, part.shares, strict=True):
        text = "0" if judged(share, part.column) == "equal" else signed(share, reading(share, unit).text)
        bars.append(Bar(named(block), at, at + share.mean, share, judged(share, part.column), text))
        at += share.mean
    bars.append(Bar(split.model, 0.0, part.model.mean, part.model, "whole", reading(part.model, unit).text))
    return Fall(part.column.heading, part.column.unit, tuple(bars), is_time(unit))


def _all(comparison: Comparison, found: Findings) -> Iterator[Drawing]:
    names = [row.control for row in comparison.rows]
    jewels = [_series(comparison, "held", "held", HOLLOW), _series(comparison, "obtainable", "obtainable", SOLID)]
    yield _forest(captions.JEWELS, names, jewels, _JEWELS)
    if spots := _spots(comparison):
        yield _frontier(spots)
    reach = [
        _series(comparison, "t1b", "token and key stolen", HOLLOW),
        _series(comparison, "t2", "hijacked agent", DIAMOND),
        *_supporting(comparison, "t5", "issuer taken", SQUARE),
    ]
    yield _forest(captions.BLAST, names, reach, _ESTATE)
    if all(rows := [found.amounts("exceedance", loss) for loss in LOSSES]):
        per_year = " ".join([captions.EXCEEDANCE.rests, *rates([comparison.measured_for], ["year"])])
        yield _exceedance(names, rows, replace(captions.EXCEEDANCE, rests=per_year))
    for caption, measure, axis in _TIMES:
        if quantiles := _quantiles(found, measure):
            yield _forest(caption, names, quantiles, axis)
    yield _logs(comparison)
    causes = {cause: found.amounts("identity_debt", cause, "item_hours") for cause in CAUSES}
    if all(causes.values()):
        yield _debt(names, causes)


def _forest(caption: Caption, names: Sequence[str], series: Sequence[Series], axis: Axis) -> Drawing:
    words = "; ".join(
        f"{name}: " + ", ".join(f"{each.name} {reading(each.points[row], axis.unit).text}" for each in series)
        for row, name in enumerate(names)
    )
    return drawing(forest(names, series, axis), caption, f"{axis.label}. {words}")


def _exceedance(names: Sequence[str], rows: Sequence[Sequence[Amount]], caption: Caption) -> Drawing:
    curves = [Curve(name, tuple(row[place].estimate for row in rows)) for place, name in enumerate(names)]
    words = "; ".join(
        f"{curve.name}: "
        + ", ".join(f"{loss} {often(each)}" for loss, each in zip(LOSSES.values(), curve.times, strict=True))
        for curve in curves
    )
    return drawing(exceedance(curves), caption, f"Compromises that cost so much of the estate or more. {words}")


def _spots(comparison: Comparison) -> list[Spot]:
    """A place for each model; none where nobody has one."""
    spots = [spot(row, comparison) for row in comparison.rows]
    return spots if any(each.is_known for each in spots) else []


def _frontier(spots: Sequence[Spot]) -> Drawing:
    words = "; ".join(f"{each.name}: {reading(each.hours).text} h, {reading(each.wait, 's').text}" for each in spots)
    return drawing(frontier(spots), captions.FRONTIER, words)


def _logs(comparison: Comparison) -> Drawing:
    names = [row.control for row in comparison.rows]
    panels = {key: [_bounds(row, key) for row in comparison.rows] for key in ("held", "obtainable")}
    words = "; ".join(
        f"{name}, {key}: truth {reading(row.cell(key).estimate).value}, log {bounds.text}"
        for key, found in panels.items()
        for name, row, bounds in zip(names, comparison.rows, found, strict=True)
    )
    return drawing(log_beside_truth(names, panels, "crown jewels, h per agent-day"), captions.LOGS, words)


def _debt(names: Sequence[str], causes: dict[str, tuple[Amount, ...]]) -> Drawing:
    words = "; ".join(
        f"{spoken(cause)}: " + ", ".join(f"{n} {reading(a.estimate).text}" for n, a in zip(names, amounts, strict=True))
        for cause, amounts in causes.items()
    )
    panels = {spoken(cause): amounts for cause, amounts in causes.items()}
    label = "item-hours per agent-day; the line is a 95 % interval"
    return drawing(debt(names, panels, label), captions.DEBT, words)


def _series(comparison: Comparison, key: str, name: str, dots: Dots) -> Series:
    cells = [row.cell(key) for row in comparison.rows]
    return Series(name, tuple(cell.estimate for cell in cells), dots)


def _supporting(comparison: Comparison, key: str, name: str, dots: Dots) -> list[Series]:
    """A series of a supporting quantity, where it was measured of every model."""
    found = [support for row in comparison.rows if (support := row.support(key)) is not None]
    points = tuple(support.estimate for support in found)
    return [Series(name, points, dots)] if len(found) == len(comparison.rows) else []


def _quantiles(found: Findings, measure: str) -> list[Series]:
    middle, late = (found.amounts(measure, stat) for stat in ("p50", "p95"))
    if all(amount.lack for amount in (*middle, *late)):
        return []
    return [_of_amounts("median", middle, HOLLOW), _of_amounts("p95", late, SOLID)]


def _of_amounts(name: str, amounts: Sequence[Amount], dots: Dots) -> Series:
    return Series(name, tuple(amount.estimate for amount in amounts), dots)


def spot(row: Row, comparison: Comparison) -> Spot:
    """A model's place on the plane of exposure and friction, with what its dot alone does not tell."""
    minutes, ranked = row.cell("approver").estimate, comparable(row, comparison.baseline)
    remarks = [f"{reading(minutes).value} approver-min per 100 tasks"] if minutes.mean > 0 else []
    remark = ", ".join([*remarks, *([] if ranked else ["set apart"])])
    wait, hours = row.cell("latency").estimate, row.cell("obtainable").estimate
    return Spot(row.control, wait, hours, remark, ranked)


def _bounds(row: Row, key: str) -> Bounds:
    cell = row.cell(key)
    return Bounds(cell.estimate.mean, cell.log_lo, cell.log_hi)
