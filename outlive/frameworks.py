"""Frameworks of others as an auditor reads them: which there are, and what here gives evidence for each id."""

import textwrap
from collections.abc import Iterator
from typing import Final

import pandas as pd

from outlive.crosswalk import Crosswalk, Framework, crosswalk
from sim.audit.refusal import Refusal

_OPEN: Final = "not here"
_WIDEST: Final = 60
_COLUMNS: Final = ("id", "title", "by", "name", "why")


def frameworks(name: str | None = None) -> pd.DataFrame:
    """The pinned frameworks; or, of one that is named, each id with what gives evidence for it and what does not.

    `by` is a measure (evidence as a quantity), a threat (simulated) or a knob (what a control model can change), or
    `not here` with what is missing. An id may have several rows, and is answered in part where one of them is that.

    Raises:
        Refusal: there is no such framework.
    """
    found = crosswalk()
    if name is None:
        return pd.DataFrame([_counted(each, found) for each in found.frameworks.values()])
    return pd.DataFrame([dict(zip(_COLUMNS, row, strict=True)) for row in _rows(pinned(name), found)])


def pinned(name: str) -> Framework:
    """A framework by its name.

    Raises:
        Refusal: there is no such framework.
    """
    known = crosswalk().frameworks
    if name not in known:
        raise Refusal(f"no framework {name!r}; there are {', '.join(known)}")
    return known[name]


def about(name: str) -> str:
    """What the list is, and what to beware of when citing it."""
    each = pinned(name)
    return f"{each.title}\n{each.publisher}, version {each.version}, {each.published}. {each.caution}\n"


def folded(found: pd.DataFrame) -> pd.DataFrame:
    """As it is read: an id and the beginning of its title stand once, before what answers them."""
    again = found["id"].duplicated()
    titles = found["title"].map(lambda title: textwrap.shorten(title, _WIDEST, placeholder=" ..."))
    said = found.assign(title=titles.mask(again, ""), id=found["id"].mask(again, ""))
    return pd.DataFrame({name: said[name].str.ljust(int(said[name].str.len().max())) for name in said})


def cited(measure: str) -> str:
    """What a measure gives evidence for, as comments of SQL; nothing for one of the user's own."""
    found = crosswalk()
    links = found.of("measure", measure)
    if measure in found.unmapped:
        return f"-- no framework: {found.unmapped[measure]}\n"
    return "".join(
        f"-- {link.framework} {link.id} ({found.frameworks[link.framework].ids[link.id]}): {link.why}\n"
        for link in links
    )


def _counted(each: Framework, found: Crosswalk) -> dict[str, object]:
    """A framework in a line: how many ids are listed, how many some measure answers, how many nothing does."""
    links = [link for link in found.links if link.framework == each.name]
    measured, answered = ({link.id for link in links if link.kind in kinds} for kinds in
                          (("measure",), ("measure", "threat", "knob")))  # fmt: skip
    return {
        "name": each.name, "title": each.title, "version": each.version, "published": each.published,
        "ids": f"{len(each.ids)}{'' if each.whole else ' chosen'}", "measured": len(measured),
        "simulated_or_set_only": len(answered - measured), "not_here": len(each.ids) - len(answered),
        "caution": each.caution,
    }  # fmt: skip


def _rows(framework: Framework, found: Crosswalk) -> Iterator[tuple[str, str, str, str, str]]:
    for id_, title in framework.ids.items():
        links = [link for link in found.links if (link.framework, link.id) == (framework.name, id_)]
        yield from ((id_, title, link.kind, link.name, link.why) for link in links)
        if why := found.open.get((framework.name, id_)):
            yield id_, title, _OPEN, "", why
