"""The lineage of an event in a sentence, in a table and as a page."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd

from analysis.lineage.lineage import Lineage
from analysis.report.legible import listed, shortened, spoken
from analysis.report.page import in_place_of
from analysis.report.rendering import page
from analysis.report.terms import credential, principal

_NEVER: Final = 9999
_LONGEST: Final = 60
# What lineage.sql says of a credential that may never end and need not.
_OPEN: Final = "no end is known"
_KINDS: Final = {"credential", "issued_from"}
# What these say of somebody begins with what he is.
_SOMEBODY: Final = {"actor", "owner", "member"}
_CLAUSES: Final = {
    "actor": "by {}", "task": "for the task {}", "called_by": "called by {}", "owner": "{} answering for the actor",
    "credential": "with the {}", "approval": "approved by {}", "policy": "by the policy {}",
    "attacker": "as part of an attack ({})",
}  # fmt: skip
_ABSENT: Final = {
    "none": "There is no {}.", "no policy file is named": "No {} file is named.",
    "not told by this log": "This log tells no {}.",
}  # fmt: skip


def sentence(lineage: Lineage) -> str:
    """Who did what, for what and whom, under what, and who agreed; what there is none of, and what is not told."""
    told = {row["link"]: row for row in reversed(_records(lineage))}
    event = told["event"]
    clauses = [
        words.format(_name(told[link]))
        for link, words in _CLAUSES.items()
        if link in told and told[link]["id"] is not None
    ]
    what = f"{_name(event)} ({event['detail']}) at {_moment(event['starts'])} UTC"
    absent = {
        why: [spoken(link) for link, row in reversed(told.items()) if row["id"] is None and row["name"] == why]
        for why in _ABSENT
    }
    notes = [_ABSENT[why].format(listed(links, "or")) for why, links in absent.items() if links]
    return " ".join([f"{what}: {', '.join(clauses)}.", *notes])


def table(lineage: Lineage) -> pd.DataFrame:
    """A row a link, its times as words."""
    shown = [
        {
            "link": spoken(row["link"]) + (f", {row['step']} up" if row["step"] else ""), "name": _said(row),
            "detail": _detail(row, lineage.profile), "from": _moment(row["starts"]),
            "until": "not known" if _OPEN in (row["detail"] or "") else _moment(row["ends"]),
        }
        for row in _records(lineage)
    ]  # fmt: skip
    return pd.DataFrame(shown)


def records(lineage: Lineage) -> pd.DataFrame:
    """The links for programs: times as ISO 8601 to the microsecond, `never` for what does not end."""
    return pd.DataFrame(
        [{**row, "starts": _iso(row["starts"]), "ends": _iso(row["ends"])} for row in _records(lineage)], dtype=object
    )


def write_lineage(lineage: Lineage, path: Path) -> None:
    """Write the page of an event.

    Raises:
        Refusal: the page cannot be written.
    """
    # Half a second to load, which whoever only wants the words need not wait for.
    from analysis.report.descent import descent  # noqa: PLC0415

    rows = table(lineage).rename(columns={"from": "starts", "until": "ends"}).to_dict("records")
    text = page("lineage.html.j2", lineage=lineage, answer=sentence(lineage), rows=rows, picture=descent(lineage))
    with in_place_of(path) as draft:
        draft.write_text(text, "utf-8")


def _records(lineage: Lineage) -> list[dict[str, Any]]:
    """The links, what is missing as None."""
    return [
        {str(key): value for key, value in row.items()}
        for row in lineage.links.astype(object).where(lineage.links.notna(), None).to_dict("records")
    ]


def _name(row: dict[str, Any]) -> str:
    return shortened(_said(row), _LONGEST)


def _said(row: dict[str, Any]) -> str:
    """The name of a link; that of a credential is its kind, a word of the schema, and what the log calls it."""
    if row["link"] not in _KINDS or row["id"] is None:
        return str(row["name"])
    kind, _, key = str(row["name"]).partition(" ")
    said = credential(kind)
    return " ".join(filter(None, ["credential", said, key] if said.startswith("of ") else [said, key]))


def _detail(row: dict[str, Any], profile: str) -> str:
    """What is said of a link besides; of somebody first what those who write such logs call him."""
    kind, comma, rest = str(row["detail"] or "").partition(", ")
    return principal(kind, profile) + comma + rest if row["link"] in _SOMEBODY and kind else kind + comma + rest


def _moment(time: datetime | None) -> str:
    """An instant, to the millisecond."""
    if time is None:
        return ""
    return "never" if time.year == _NEVER else f"{time:%Y-%m-%d %H:%M:%S}.{time.microsecond // 1000:03}"


def _iso(time: datetime | None) -> str | None:
    if time is None:
        return None
    return "never" if time.year == _NEVER else f"{time:%Y-%m-%dT%H:%M:%S.%f}Z"
