"""Measures: one SQL file each, with a header that the loader demands.

A measure qualifies no name. It runs on a connection whose `search_path` is exactly one evidence schema, so the same
text measures what a log shows and what was true, simulated or real.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Final, get_args

from analysis.measures.concepts.concepts import hangs_on
from analysis.measures.parameters import Parameter, stated
from analysis.measures.query import amiss
from analysis.measures.result import BOUNDS
from analysis.measures.units import Units, goes_by, named_share, units
from analysis.pooled import Estimator
from sim.audit.refusal import Refusal, meant
from sim.audit.store import Evidence

_HERE: Final = Path(__file__).parent
_REQUIRED: Final = ("title", "question", "unit", "grain", "unfinished", "assumes", "source")
_OPTIONAL: Final = ("evidence", "parameter", "pool", "counts", "reads", "terms", "limits", "untold")
_SEVERAL: Final = ("unfinished", "assumes", "parameter")
_HEADER_LINE: Final = re.compile(r"^-- (\w+): (.+)$", re.MULTILINE)
# What a header says of evidence, which is nothing in most.
_EVIDENCE: Final[dict[str, tuple[Evidence, ...]]] = {
    "": ("truth", "log"), "truth": ("truth",), "log, truth": ("log", "truth"),
}  # fmt: skip
_ESTIMATORS: Final[tuple[Estimator, ...]] = get_args(Estimator)
_POOL: Final = re.compile(rf"(\w+) \| ({'|'.join(_ESTIMATORS)})(?: \| (\w+)(?: of (\w+))?)?")
_SECONDS: Final = {"hours": 3600.0, "days": 86400.0}
# A header's statements end in a semicolon or a full stop; one about some rows begins with their names.
_STATEMENTS: Final = re.compile(r"[;.] (?!\d{4})")
_ABOUT_ROWS: Final = re.compile(r"(?:((?:[a-z\d_*]+, )*[a-z\d_*]+): )?(.+)")
# Where a query itself may begin; in comments, texts and brackets it does not.
_BEGINNING: Final = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\"[^\"]*\"|[()]|\b(?:SELECT|FROM)\b", re.IGNORECASE)


class MeasureError(Refusal):
    """A measure cannot be loaded or run; one line that names it and the remedy."""


@dataclass(frozen=True)
class Pooling:
    """What a measure's quantiles are quantiles of, so that those of several runs can be pooled; nothing, if no `part`.

    `part` of its SQL has a row an observation, `lo` and `hi`, the latter NULL of what was still going on, or a row a
    value of a law and how much of it has that (`weight`). How that is taken says `estimator` (see `analysis.pooled`).
    Where a row's name does not say which quantile it is, the parameter `worst` does, as the percent that lie beyond it:
    of all rows, or of one (`worst_of`); of times taken as Kaplan and Meier do, it is up to where the mean of one row is
    restricted, in hours or days.
    """

    part: str | None = None
    estimator: Estimator = "limits"
    worst: str | None = None
    worst_of: str | None = None


@dataclass(frozen=True)
class Measure:
    """A definition: what its header says, its parameters with their defaults, and its SQL.

    One that gives quantiles may say of what (`pool`), and in which rows they are limits, whatever else is taken
    (`limits`). One that gives percentages may name the part that counts `hits` and `trials` of a run (`counts`). One
    that is made of the results of others names them (`reads`), each a table for it. Rows that are declared of
    platforms, and no evidence, are named as for units (`terms`), and so are limits; and rows that no log tells, after
    what it would have to show for them (`untold`).

    Every result has the columns of `grain`, then `lo` and `hi` (equal where known, NULL where not), then `unknowns`,
    the number of rows behind it whose value is not known. `evidence` is what it can be asked of, first what it is asked
    of where a run has both: the truth, or the log if its question is how much that tells. `shown` is what it is called
    where something is wrong with it: a bundled one by its name, the user's own by its path.
    """

    name: str
    shown: str
    title: str
    question: str
    unit: Units
    grain: tuple[str, ...]
    unfinished: str
    assumes: str
    source: str
    declared: Mapping[str, Parameter]
    evidence: tuple[Evidence, ...]
    sql: str
    untold: Units
    pool: Pooling = Pooling()
    counts: str | None = None
    reads: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, float]:
        """Their defaults."""
        return {name: parameter.default for name, parameter in self.declared.items()}

    def share(self, label: Sequence[str]) -> float | None:
        """The quantile that a row is, or lies beyond: by its name, else by a parameter; None where it is none."""
        named = named_share(label)
        worst = self.pool.worst
        if named is not None or worst is None or self.pool.worst_of not in {None, *label}:
            return named
        if self.pool.estimator == "kaplan-meier":
            return None
        # Beyond the greatest of all there is nothing to be seen.
        return 1 - self.parameters[worst] / 100 if self.parameters[worst] > 0 else None

    def horizon(self, label: Sequence[str]) -> float | None:
        """Up to how many seconds the mean of times is restricted that a row is; None where it is none."""
        worst = self.pool.worst
        if self.pool.estimator != "kaplan-meier" or worst is None or self.pool.worst_of not in label:
            return None
        return self.parameters[worst] * _SECONDS[worst.rpartition("_")[2]]

    def estimator_of(self, label: Sequence[str]) -> Estimator:
        """How that which was still going on is taken in a row."""
        return "limits" if goes_by(label, self.limits) else self.pool.estimator

    @property
    def assumed(self) -> tuple[tuple[str, str], ...]:
        """What it assumes, statement by statement, each beside the rows that it is about; '' where it is about all."""
        return _statements(self.assumes)

    @property
    def left_open(self) -> tuple[tuple[str, str], ...]:
        """What is unfinished at the window's end, likewise."""
        return _statements(self.unfinished)

    def given(self, **values: float) -> dict[str, float]:
        """All parameters, those with values given and the others with their defaults.

        Raises:
            MeasureError: it has no such parameter, or the parameter does not take that value.
        """
        if strangers := sorted(values.keys() - self.declared.keys()):
            msg = f"{self.shown}: no parameter {strangers[0]!r}; it has {', '.join(self.declared) or 'none'}"
            raise MeasureError(msg)
        for name, value in values.items():
            if not self.declared[name].takes(value):
                msg = f"{self.shown}: {name} = {value!s:.24} is not in {self.declared[name].interval or '(-inf, inf)'}"
                raise MeasureError(msg)
        return {**self.parameters, **{name: float(value) for name, value in values.items()}}

    def part(self, name: str) -> str:
        """SQL for a part of it."""
        depth = 0
        for each in _BEGINNING.finditer(self.sql):
            depth += (each[0] == "(") - (each[0] == ")")
            if depth == 0 and each[0].isalpha():
                break
        return f"{self.sql[: each.start()]}FROM {name}"


def measures() -> tuple[Measure, ...]:
    """Every bundled measure, by name."""
    return tuple(load(_HERE / f"{name}.sql") for name in _bundled())


def _bundled() -> list[str]:
    return sorted(path.stem for path in _HERE.glob("*.sql"))


def find(name: str, *others: str) -> Measure:
    """A bundled measure by name, or the user's own by path. `others`: what else may have been meant by a name.

    Raises:
        MeasureError: there is no such measure.
    """
    if name.endswith(".sql"):
        return load(Path(name))
    if name not in _bundled():
        likely = meant(name, [*_bundled(), *others])
        msg = f"no measure {name!r}; {likely}there are {', '.join(_bundled())}, or name the path of an .sql file"
        raise MeasureError(msg)
    return load(_HERE / f"{name}.sql")


def load(path: Path) -> Measure:
    """Read a definition.

    Raises:
        MeasureError: it cannot be read, its header is incomplete, or it is not one SELECT over evidence alone.
    """
    text = _text(path)
    lines = list(takewhile(lambda line: line.startswith("--"), text.splitlines()))
    head = _head(path, lines)
    _complete(path, head)
    grain = _grain(path, head["grain"])
    declared = _parameters(path, lines, text)
    if wrong := amiss(text):
        msg = f"{path}: {wrong}"
        raise MeasureError(msg)
    words = {key: head[key] for key in _REQUIRED if key not in {"grain", "unit"}}
    reads = _reads(path, head)
    of_truth = any("log" not in find(name).evidence for name in reads)
    evidence = _EVIDENCE["truth" if of_truth else head.get("evidence", "")]
    shown = path.stem if path.parent == _HERE else str(path)
    terms, limits = (_listed(head.get(key, "")) for key in ("terms", "limits"))
    untold = units(head["untold"]) if "untold" in head else Units(())
    return Measure(
        name=path.stem, shown=shown, unit=units(head["unit"]), grain=grain, declared=declared, evidence=evidence,
        sql=text, pool=_pool(path, head, declared), counts=head.get("counts"), reads=reads, terms=terms, limits=limits,
        untold=untold, **words,
    )  # fmt: skip


def _head(path: Path, lines: Sequence[str]) -> dict[str, str]:
    """What a header says by key; what has several statements may have a line for each."""
    head: dict[str, str] = {}
    for key, said in _HEADER_LINE.findall("\n".join(lines)):
        if key in head and key not in _SEVERAL:
            msg = f"{path}: `-- {key}:` stands twice in its header; leave one: only {', '.join(_SEVERAL)} may"
            raise MeasureError(msg)
        head[key] = f"{head[key]}; {said}" if key in head else said
    return head


def _statements(text: str) -> tuple[tuple[str, str], ...]:
    found = (_ABOUT_ROWS.fullmatch(each) for each in _STATEMENTS.split(text))
    return tuple((each[1] or "", each[2]) for each in found if each)


def _reads(path: Path, head: Mapping[str, str]) -> tuple[str, ...]:
    """The bundled measures whose results a measure is made of."""
    names = _listed(head.get("reads", ""))
    if strangers := sorted(set(names) - set(_bundled())):
        msg = f"{path}: `-- reads: {head['reads']}`: no measure {strangers[0]!r}; there are {', '.join(_bundled())}"
        raise MeasureError(msg)
    return names


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",")) if text else ()


def _pool(path: Path, head: Mapping[str, str], declared: Mapping[str, Parameter]) -> Pooling:
    """What quantiles are pooled of, and how."""
    if "pool" not in head:
        return Pooling()
    found = _POOL.fullmatch(head["pool"])
    if found is None:
        msg = f"{path}: `-- pool: {head['pool']}`: it names a part of the SQL, then | {' or | '.join(_ESTIMATORS)}"
        raise MeasureError(msg)
    if found[3] not in {None, *declared}:
        msg = f"{path}: `-- pool: {head['pool']}`: no parameter {found[3]!r}; it has {', '.join(declared) or 'none'}"
        raise MeasureError(msg)
    if found[2] == "kaplan-meier" and found[3] and not (found[4] and found[3].endswith(tuple(_SECONDS))):
        msg = f"{path}: `-- pool: {head['pool']}`: a mean is restricted by a parameter in hours or days, `NAME of ROW`"
        raise MeasureError(msg)
    return Pooling(found[1], next(each for each in _ESTIMATORS if each == found[2]), found[3], found[4])


def _text(path: Path) -> str:
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        msg = f"{path}: {error.strerror}; name the path of an .sql file, or one of {', '.join(_bundled())}"
        raise MeasureError(msg) from error
    except ValueError as error:
        msg = f"{path}: not UTF-8; a measure is a text of SQL"
        raise MeasureError(msg) from error
    if "\0" in text:
        msg = f"{path}: not text: it holds a NUL; a measure is a text of SQL"
        raise MeasureError(msg)
    return text


def _complete(path: Path, head: Mapping[str, str]) -> None:
    """Refuse a header that lacks what every measure states, or states what no reader would look for."""
    missing = [key for key in _REQUIRED if key not in head]
    unknown = sorted(set(head) - {*_REQUIRED, *_OPTIONAL})
    if missing:
        msg = f"{path}: no `-- {missing[0]}:` in its header; a measure states {', '.join(_REQUIRED)}"
        raise MeasureError(msg)
    if unknown or head.get("evidence", "") not in _EVIDENCE:
        wrong = f"{unknown[0]}:" if unknown else f"evidence: {head['evidence']}"
        said = " or ".join(filter(None, _EVIDENCE))
        also = f"{', '.join(f'{key}:' for key in _OPTIONAL if key != 'evidence')} and evidence: {said}"
        allowed = f"besides {', '.join(_REQUIRED)} it may say {also}"
        msg = f"{path}: `-- {wrong}` in its header; {allowed}"
        raise MeasureError(msg)


def _grain(path: Path, listed: str) -> tuple[str, ...]:
    grain = tuple(column.strip() for column in listed.split(","))
    if grain[0] != "run" or "" in grain or len({*grain, *BOUNDS}) < len(grain) + len(BOUNDS):
        msg = f"{path}: `-- grain: {listed}`: it begins with run and names each further column once"
        raise MeasureError(msg)
    return grain


def _parameters(path: Path, lines: Sequence[str], text: str) -> dict[str, Parameter]:
    """The parameters by name: those of what it stands on, and its own; one of its own does something."""
    try:
        own = {each.name: each for each in stated(lines)}
    except ValueError as error:
        msg = f"{path}: {error}"
        raise MeasureError(msg) from error
    shared = hangs_on(text)
    for name in own.keys() & shared.keys():
        if own[name].interval not in {"", shared[name].interval} or not shared[name].takes(own[name].default):
            msg = f"{path}: `-- parameter: {name}`: what it stands on takes it in {shared[name].interval}"
            raise MeasureError(msg)
        own[name] = replace(shared[name], default=own[name].default)
    if unused := [name for name in own if not re.search(rf"\${name}\b", text) and name not in shared]:
        msg = f"{path}: `-- parameter: {unused[0]}`: its SQL names no ${unused[0]}"
        raise MeasureError(msg)
    return shared | own
