"""Why a credential of the worklist stands there, and who or what would notice its end, in a sentence."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from analysis.report.legible import counted, listed
from analysis.report.numerals import quantity

Row = Mapping[Any, Any]

_HOUR: Final = 3600.0


def why(row: Row) -> str:
    """What speaks for and against revoking it now."""
    return "; ".join([_use(row), *_dependants(row)])


def unseen(row: Row) -> str | None:
    """What the evidence of the whole run may not show; nothing of the truth, which holds every use."""
    told = [] if row["true_to_all"] else list(_hidden(row))
    return listed(told, "or") if told else None


def _use(row: Row) -> str:
    evidence = "run" if row["true_to_all"] else "log"
    if row["last_use"] is not None and row["idle_hours"] * _HOUR < 1:
        return f"in use when the {evidence} ends"
    if row["last_use"] is not None:
        return f"last used {_span(row['idle_hours'])} before the {evidence} ends"
    if row["age_hours"] is not None and row["age_hours"] < row["observed_hours"]:
        return f"not used in the {_span(row['age_hours'])} since it was issued"
    return f"not used in the {_span(row['observed_hours'])} that the {evidence} covers"


def _span(hours: float) -> str:
    return quantity(hours * _HOUR, "s")


def _dependants(row: Row) -> Iterator[str]:
    if row["tasks"]:
        yield f"{counted(row['tasks'], 'task')} under way with it"
    if row["children"]:
        yield f"{counted(row['children'], 'credential')} in force cut from it"
    if row["kept"]:
        yield f"its holder would keep {row['kept']:,} of {counted(row['permissions'], 'permission')} by other means"
    if row["unlogged"]:
        yield f"uses at {row['unlogged']} are not logged, so it may be in use"


def _hidden(row: Row) -> Iterator[str]:
    if row["loses"]:
        yield "uses among the events that it loses"
    if row["rejected"]:
        yield f"uses in {counted(row['rejected'], 'record')} that could not be read"
    if row["unread"]:
        yield f"uses in {counted(row['unread'], 'file')} not read, or not to the end"
    if row["ingested"]:
        yield "calls that were not recorded or lie in files not given"
    if row["tasks"] is None:
        yield "which tasks use a credential"
