"""A source is a kind of export: how to tell one, how to read it, and what its records say.

A new source is a new folder beside this file. Its `source.py` defines `SOURCE`; the folder's name is the word on the
command line.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final, Literal, Protocol

from analysis.ingest.many import Batch
from analysis.ingest.observed import Atom, Observed, Weight
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Page, Refused, Remark
from analysis.ingest.strict import Record
from sim.audit.refusal import Refusal

# The key of a line of text, which no record has.
LINE: Final = ""


class IngestError(Refusal):
    """Nothing was ingested; the message is one line, names what is wrong and how to help it."""


@dataclass(frozen=True, slots=True)
class Log:
    """What holds for every record of a source.

    `signs` says what a file is known by, for people. `profile` names a row of `fact.log_profile`; where records claim
    what their log keeps, it begins the name of theirs (`claims`). `resolution` is in microseconds. `system` is what
    accepts or refuses credentials, `platform` the one whose credentials it takes, by the name of a bundled file: None
    where a log names things that take those of several, or of one that no file stands for. `assumptions` are kept with
    the run. Kinds of export that name principals and things alike, because they are of one provider, have the same word
    in `joins`: they are told as one run.

    `level` says how much of what such a log tells is read: all of it ("full"), or of each record who did what with
    which answer, and such credentials as it names ("events"). `missing` is, for people, what is not told or not read.
    `by_choice` are atoms, `group:level` with * for any text: such a log keeps calls that need one only where somebody
    chose so, or not all of them, and its records do not say whether. `under` are the keys that its records may lie
    under: in a list, in a record of others, or as text; `columns` what those of its tables may be called.
    """

    title: str
    signs: str
    profile: str
    resolution: int
    meaning: Literal["start", "completion", "received"]
    system: str
    level: Literal["full", "events"]
    missing: str
    assumptions: Mapping[str, object]
    joins: str | None = None
    platform: str | None = None
    by_choice: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    def keeps_by_choice(self, atom: Atom) -> bool:
        """Whether some of the calls that need an atom are kept only by choice."""
        return any(fnmatchcase(f"{atom.group}:{atom.level}", each) for each in self.by_choice)


class Source(Protocol):
    """A kind of export."""

    @property
    def log(self) -> Log:
        """What holds for every record."""

    def identify(self, record: Record) -> bool:
        """Whether a record with these keys, as it lies in a file, is of this kind.

        What others wrote in it tells nothing. A line of text is a record with the key `LINE` alone; of a table may be
        given the names of columns alone.
        """

    def records(self, data: Text) -> Iterator[Found | Refused | Remark | Page]:
        """The records of a file, and what is to be said of it besides.

        Raises:
            TooLargeError: that can only be found out of the whole of it, which is too large.
        """

    def translate(self, record: Record) -> Sequence[Observed]:
        """The events that a record tells of; none where it tells of nothing that anybody did.

        Raises:
            RecordError: it lacks what every record has, or says what cannot be understood.
        """

    def weight(self, atom: Atom) -> Weight:
        """What an atom is declared to be worth."""


class Quick(Source, Protocol):
    """A kind of export of which most records can be told many at once: the same as `translate` tells of each."""

    def batches(self, data: Text) -> Sequence[Batch | Found]:
        """What the records of a file tell of, and those that are to be translated one by one.

        Raises:
            DoubtError: in this file nothing can be told at once; its `records` are to be read.
        """


@cache
def sources() -> dict[str, Source]:
    """Every source there is, by name."""
    here = Path(__file__).parent
    names = sorted(path.parent.name for path in here.glob("*/source.py"))
    return {name: import_module(f"{__package__}.{name}.source").SOURCE for name in names}


def source_named(name: str) -> Source:
    """The source with this name.

    Raises:
        IngestError: there is none.
    """
    known = sources()
    if name not in known:
        raise IngestError(f"no source is called {name}; there are: {', '.join(known)}")
    return known[name]
