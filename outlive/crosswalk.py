"""Frameworks of others as pinned lists of ids, and which measure, threat or knob here gives evidence for which id.

`data/frameworks/*.toml` pin the ids, `data/crosswalk.toml` says what answers them and what nothing here answers. The
technique of a threat in MITRE ATLAS stands in the organisations alone, and is read from there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Final, get_args

from pydantic import Field

from analysis.measures.measure import measures
from outlive.bundled import root
from sim.control.factors import knobs
from sim.declaration import Strict, declared, validated
from sim.threats import ThreatName
from sim.toml import Content, DeclarationError, content

ATLAS: Final = "mitre_atlas"
_FILE: Final = "crosswalk.toml"
_SAYS_SO: Final = "the technique that the incidents of organisations name"

Words = Annotated[str, Field(min_length=10)]
# By framework and id, why.
Ids = dict[str, dict[str, Words]]


class Framework(Strict):
    """A list of ids with the titles that its publisher gives them; `whole` where it is all of them.

    `published` is a year, a month or a day. `caution` is what is often cited wrongly, and what is left out.
    """

    name: str
    title: Words
    publisher: str
    version: str
    published: Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
    whole: bool
    caution: Words
    ids: Annotated[dict[str, Annotated[str, Field(min_length=3)]], Field(min_length=1)]


class _File(Strict):
    """The crosswalk as it is written; a measure without ids says why."""

    measures: dict[str, dict[str, dict[str, Words] | Words]]
    threats: dict[str, Ids]
    knobs: dict[str, Ids]
    open: Ids


@dataclass(frozen=True)
class Link:
    """What gives evidence for an id: a measure, a threat or a knob by its name, and why."""

    framework: str
    id: str
    kind: str
    name: str
    why: str


@dataclass(frozen=True)
class Crosswalk:
    """Every link, why measures have none, and what nothing here answers of a framework's id."""

    frameworks: Mapping[str, Framework]
    links: tuple[Link, ...]
    unmapped: Mapping[str, str]
    open: Mapping[tuple[str, str], str]

    def of(self, kind: str, name: str) -> list[Link]:
        """The links of a measure, threat or knob."""
        return [link for link in self.links if (link.kind, link.name) == (kind, name)]


@cache
def crosswalk(folder: Path | None = None) -> Crosswalk:
    """What is bundled, read and checked; or what lies in a folder of the same shape.

    Raises:
        DeclarationError: a name or an id that is not there, a measure without ids that does not say why, or an id that
            neither anything answers nor is said to be open.
    """
    folder = folder or root()
    path = folder / _FILE
    known = {each.stem: declared(Framework, each) for each in sorted((folder / "frameworks").glob("*.toml"))}
    said = validated(_File, content(path, {}), str(path))
    links = (*_links(said), *_techniques(folder))
    unmapped = {name: row["unmapped"] for name, row in said.measures.items() if isinstance(row.get("unmapped"), str)}
    missing = {(framework, id_): why for framework, ids in said.open.items() for id_, why in ids.items()}
    found = Crosswalk(known, links, {name: str(why) for name, why in unmapped.items()}, missing)
    for wrong in (*_names(said), *_ids(found), *_unsaid(found)):
        raise DeclarationError(f"{path}: {wrong}")
    return found


def _links(said: _File) -> Iterator[Link]:
    for kind, rows in (("measure", said.measures), ("threat", said.threats), ("knob", said.knobs)):
        for name, row in rows.items():
            for framework, ids in row.items():
                if isinstance(ids, dict):
                    yield from (Link(framework, id_, kind, name, why) for id_, why in ids.items())


def _techniques(folder: Path) -> list[Link]:
    """What each threat is in MITRE ATLAS, by every organisation that says so."""
    found: dict[tuple[str, str], None] = {}
    for path in sorted((folder / "organisations").glob("*.toml")):
        incidents: list[Content] = content(path, {}).get("incidents", [])
        found |= dict.fromkeys((each["name"], each["technique"]) for each in incidents if "technique" in each)
    return [Link(ATLAS, technique, "threat", name, _SAYS_SO) for name, technique in found]


def _names(said: _File) -> Iterator[str]:
    """Names that stand for nothing, and measures that are left out."""
    known = {"measures": [each.name for each in measures()], "threats": get_args(ThreatName), "knobs": knobs()}
    for table, names in known.items():
        for name in getattr(said, table):
            if name not in names:
                yield f"{table}.{name}: no such {table.removesuffix('s')}; there are {', '.join(names)}"
    yield from (f"measures.{name}: left out; map it, or say `unmapped`" for name in known["measures"]
                if name not in said.measures)  # fmt: skip
    for name, row in said.measures.items():
        words = {key for key, value in row.items() if isinstance(value, str)}
        if not row or (words and set(row) != {"unmapped"}):
            yield f"measures.{name}: ids by framework, or `unmapped` and why; one of both"
    yield from (f"threats.{name}.{ATLAS}: said by the organisation, and nowhere else"
                for name, row in said.threats.items() if ATLAS in row)  # fmt: skip


def _ids(found: Crosswalk) -> Iterator[str]:
    """Ids that are in no pinned list."""
    for framework, id_ in (*((link.framework, link.id) for link in found.links), *found.open):
        if framework not in found.frameworks:
            yield f"{framework}: no such framework; there are {', '.join(found.frameworks)}"
        elif id_ not in found.frameworks[framework].ids:
            yield f"{framework}.{id_!r}: no such id in {found.frameworks[framework].title}"


def _unsaid(found: Crosswalk) -> Iterator[str]:
    """Ids that nothing answers and that are not said to be open."""
    said = {(link.framework, link.id) for link in found.links} | set(found.open)
    for name, framework in found.frameworks.items():
        yield from (f"open.{name}.{id_!r}: nothing answers it; say so here" for id_ in framework.ids
                    if (name, id_) not in said)  # fmt: skip
