"""The project's own form as a source: what one row says."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from analysis.ingest.claims import CLAIMS, KINDS
from analysis.ingest.instants import SECOND
from analysis.ingest.interchange.cells import Row
from analysis.ingest.interchange.layout import ENDINGS, LEVELS, NAMES, recognised
from analysis.ingest.interchange.rows import rows
from analysis.ingest.observed import Atom, Issued, Level, Observed, Party, Presented, Resource, Weight
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Refused, Remark
from analysis.ingest.source import Log
from analysis.ingest.strict import Record, RecordError
from sim.audit.ids import PrincipalKind
from sim.audit.rows import UNKNOWN, Binding, CredentialKind, Decision, Kind, Reason, Resolution

_WORD: Final = re.compile(r"\w+")
_OF_TASKS: Final = (Kind.TASK_START, Kind.TASK_END, Kind.SPAWN)
_LEVELS: Final[dict[str, Level]] = {level: level for level in LEVELS}
# Weights, and the most that a store keeps of a stage; seconds of a century, because what lasts longer is another unit.
_MOST: Final = 1000
_LAST_STAGE: Final = 2**31 - 1
_LONGEST: Final = 3_200_000_000


class Interchange:
    """The project's own form, as JSON, CSV or Parquet."""

    @property
    def log(self) -> Log:
        """Microseconds, at the start; the records themselves say what their log keeps."""
        return Log(
            title="the project's own form, from any log",
            signs="JSON, CSV or Parquet with time, and kind or operation, as docs/interchange.md has them",
            profile="interchange",
            resolution=1,
            meaning="start",
            system="as logged",
            level="full",
            missing="what its rows do not say that their log keeps",
            assumptions=declared(),
            under=("events",),
            columns=NAMES,
        )

    def identify(self, record: Record) -> bool:
        """Whether it has the columns needed, and the form knows half of those it has."""
        return recognised([*record])

    def records(self, data: Text) -> Iterator[Found | Refused | Remark]:
        """Each row, and once a file the columns that are not of the form."""
        return rows(data)

    def translate(self, record: Record) -> tuple[Observed]:
        """One event."""
        return (_event(Row(record)),)

    def weight(self, atom: Atom) -> Weight:
        """What weights.toml declares of what no row declares."""
        weights, tier = declared()["weights"], declared()["tiers"]["other"]
        return Weight(tier, weights[f"tier_{tier}"], weights[atom.level])


SOURCE: Final = Interchange()


@cache
def declared() -> dict[str, Any]:
    """The file as it stands."""
    return tomllib.loads(Path(__file__).with_name("weights.toml").read_text("utf-8"))


def _event(row: Row) -> Observed:
    row.needed("time", "each row says when it happened, as 2026-03-02T10:00:00.250Z")
    kind, time, requested = _kind(row), row.time("time"), row.time("requested")
    if requested > time:
        raise RecordError("requested is later than time: nothing begins before it is asked for")
    return Observed(
        id=row.text("id") or row.identity(),
        time=time,
        kind=kind,
        operation=_operation(row, kind),
        stage=row.whole("stage", _LAST_STAGE),
        principal=_party(row, "principal"),
        target=_party(row, "target"),
        credential=_presented(row),
        issued=_issued(row),
        **{name: row.text(name) for name in ("session", "action", "approval")},
        **_task(row, kind),
        atom=_atom(row),
        resource=_resource(row),
        weight=_weight(row),
        requested=requested,
        duration=row.number("duration_s", _LONGEST, SECOND),
        args=row.hashed("args"),
        decision=row.word("decision", Decision),
        reason=_reason(row, kind),
        **{name: row.text(name) for name in ("error", "origin", "user_agent", "request_id", "invoked_by")},
        keeps=_keeps(row),
    )


def _kind(row: Row) -> Kind:
    kind = row.word("kind", Kind)
    return Kind.USE if kind is None else kind


def _operation(row: Row, kind: Kind) -> str:
    """The log's own word; of what is no call, its kind does."""
    if kind is Kind.USE:
        return row.needed("operation", "a row without kind is a call, and says which in operation")
    return row.text("operation") or kind.name.lower()


def _party(row: Row, who: str) -> Party | None:
    name = row.text(who)
    if name is None:
        return None
    kind = row.word(f"{who}_kind", PrincipalKind)
    if kind is None:
        raise RecordError(f"{who} without {who}_kind: write one of {', '.join(k.name.lower() for k in PrincipalKind)}")
    return Party(name, kind, row.text(f"{who}_role"))


def _presented(row: Row) -> Presented | None:
    name = row.text("credential")
    if name is None:
        return None
    since, until = row.time("credential_since"), row.end("credential_until")
    return Presented(name, _credential_kind(row, "credential_kind"), since, until, parent=row.text("credential_parent"))


def _issued(row: Row) -> Issued | None:
    name = row.text("issued")
    if name is None:
        return None
    return Issued(
        name,
        _credential_kind(row, "issued_kind"),
        until=row.end("issued_until"),
        resolved=row.word("issued_resolved", Resolution),
        binding=row.word("issued_binding", Binding),
        enforced=row.flag("issued_enforced"),
    )


def _credential_kind(row: Row, name: str) -> CredentialKind:
    kind = row.word(name, CredentialKind)
    return CredentialKind.UNKNOWN if kind is None else kind


def _task(row: Row, kind: Kind) -> dict[str, str | None]:
    task, parent = row.text("task"), row.text("parent_task")
    if kind in _OF_TASKS and task is None:
        raise RecordError(f"{kind.name.lower()} without task: name the task")
    if task is not None and task == parent:
        raise RecordError("parent_task is the task itself: name the task above it, or none")
    return {"task": task, "parent_task": parent}


def _atom(row: Row) -> Atom | None:
    group, level = row.text("resource_group"), row.one_of("level", _LEVELS)
    if group is None:
        return None
    if level is None:
        raise RecordError(f"resource_group without level: write one of {', '.join(_LEVELS)}")
    return Atom(group, _LEVELS[level])


def _resource(row: Row) -> Resource | None:
    name, group = row.text("resource"), row.text("resource_group")
    return Resource(name, group) if name is not None and group is not None else None


def _weight(row: Row) -> Weight | None:
    """What the row declares; of a tier without a sensitivity, that of the tier."""
    tier, sensitivity, privilege = (
        row.whole("tier", 3),
        row.number("sensitivity", _MOST, 1000),
        row.number("privilege", _MOST, 1000),
    )
    if tier == 0:
        raise RecordError("tier is 0: write 1, 2 or 3, which holds crown jewels")
    if tier is not None and sensitivity == UNKNOWN:
        sensitivity = declared()["weights"][f"tier_{tier}"]
    known = Weight(UNKNOWN if tier is None else tier, sensitivity, privilege)
    return None if known == Weight(UNKNOWN, UNKNOWN, UNKNOWN) else known


def _reason(row: Row, kind: Kind) -> Reason | None:
    if kind is Kind.TASK_END:
        row.needed("reason", f"a task_end says how the task ended: {', '.join(ENDINGS)}")
        row.one_of("reason", ENDINGS)
    return row.word("reason", Reason)


def _keeps(row: Row) -> str:
    """What is claimed, each word once and in order, so that the same is the same."""
    claimed = sorted({*_WORD.findall(row.text("keeps") or "")})
    if strange := [word for word in claimed if word not in CLAIMS and word not in KINDS]:
        raise RecordError(f"keeps names {strange[0][:40]!a}: write kinds of event, and {', '.join(CLAIMS)}")
    return " ".join(claimed)
