"""Every record that lies in a file has one fate, and all are counted: here those that are refused or tell of nothing.

Which of the others are kept is told once all are read (`gather.sql`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, TypeVar

from analysis.ingest.anonymous import anonymous
from analysis.ingest.beginning import recognised
from analysis.ingest.canonical import canonical, digest, number
from analysis.ingest.columns import Told
from analysis.ingest.files import NOTHING, Content, File, lying, unpacked
from analysis.ingest.instants import EARLIEST, plausible
from analysis.ingest.listed import Listed
from analysis.ingest.loading import Chosen
from analysis.ingest.lost import lost
from analysis.ingest.many import Batch, DoubtError
from analysis.ingest.observed import Observed
from analysis.ingest.parquet import PARQUET
from analysis.ingest.pieces import Pieces, Text, TooLargeError, begins, damage, whole
from analysis.ingest.pseudonyms import HASHED, Pseudonyms
from analysis.ingest.reading import Found, Page, Refused, Remark
from analysis.ingest.source import Source
from analysis.ingest.strict import DEFECTS, Record, RecordError
from analysis.ingest.untimed import untimed
from analysis.ingest.workbench import Read, Reject, Workbench
from sim.audit.rows import UNKNOWN

Meaning = TypeVar("Meaning")

# What a file may hold.
_Item = Batch | Found | Refused | Remark | Page
# Events that are put down at once.
_MANY: Final = 20_000
_SECOND: Final = 1_000_000


class Intake:
    """Reads files onto a workbench. With one source given, every file is read as an export of it."""

    def __init__(
        self, sources: Mapping[str, Source], workbench: Workbench, pseudonyms: Pseudonyms | None, *, given: bool
    ) -> None:
        """Begin with nothing read. With pseudonyms, nothing else is put down."""
        self._sources, self._workbench, self._given = sources, workbench, given
        self._pseudonyms = pseudonyms

    def take(self, file: File) -> Chosen:
        """Read one file, unless that was done before; what it is called, and where it lies now."""
        shown = file.shown.encode("utf-8", "backslashreplace").decode()
        path = self._pseudonyms.path(shown) if self._pseudonyms else shown
        content = lying(file)
        known = self._workbench.known.get(content.sha256)
        if known is not None and content.sha256 != NOTHING:
            return Chosen(path, known)
        number = self._workbench.free()
        held = unpacked(content)
        if isinstance(held.data, Pieces):
            # Reading it takes minutes: whoever is killed then loses no more than that.
            self._workbench.commit()
        self._read(number, held)
        return Chosen(path, number)

    def _read(self, number: int, content: Content) -> None:
        names = self._sources_of(content)
        name = names[0] if len(names) == 1 else None
        gone = None if names else lost(content, self._sources)
        unknown = gone or self._unknown(names, content)
        counts = Counter[str]() if name is None else self._records(number, self._sources[name], content.data)
        trouble = content.trouble or damage(content.data)
        if reason := trouble or unknown:
            self._refuse([Reject(number, None, reason)])
        of_records = counts["records"], counts["silent"], counts["repaired"]
        damaged = trouble is not None or len(names) > 1 or counts["unfinished"] > 0 or gone is not None
        self._workbench.file(Read(number, content.sha256, name, content.size, *of_records, damaged=damaged))

    def _refuse(self, rejects: Sequence[Reject]) -> None:
        self._workbench.refuse([replace(each, reason=self._reason(each.reason)) for each in rejects])

    def _reason(self, text: str) -> str:
        return self._pseudonyms.reason(text) if self._pseudonyms else text

    def _sources_of(self, content: Content) -> list[str]:
        """Names of the sources that recognise the beginning of a file; only the one given, if one is."""
        sample = begins(content.data)
        if sample.startswith(PARQUET):
            sample = whole(content.data)
        if not sample:
            return []
        return [*self._sources] if self._given else recognised(sample, self._sources)

    def _unknown(self, names: Sequence[str], content: Content) -> str | None:
        if len(names) > 1:
            return f"recognised as {' and as '.join(names)}: say which it is, with --source, in an ingest of its own"
        if names:
            return None
        sample = begins(content.data)
        signs = "; ".join(f"{name}: {source.log.signs}" for name, source in self._sources.items())
        return untimed(sample) or anonymous(sample) or f"no source recognises it ({signs})"

    def _records(self, number: int, source: Source, data: Text) -> Counter[str]:
        """Translate the records of a file, and count them; what they tell is put down, what is refused is a reject."""
        found, told, rejects, listed = Counter[str](), list[Told](), list[Reject](), list[Listed]()
        for item in self._singly(number, self._items(number, source, data, found), found):
            try:
                events, entries = _events(source, item), _listed(source, item)
            except RecordError as error:
                rejects.append(Reject(number, item.position, str(error)))
                if len(rejects) >= _MANY:
                    self._refuse(rejects)
                    rejects.clear()
                continue
            found["silent"] += not events
            listed += entries
            found["repaired"] += isinstance(item, Found) and item.repaired
            told += events
            if len(told) >= _MANY:
                self._put_down(number, told)
                told.clear()
        self._put_down(number, told)
        self._workbench.list_all(
            number, [names.listed(each) for each in listed] if (names := self._pseudonyms) else listed
        )
        self._refuse(rejects)
        return found

    def _singly(self, number: int, items: Iterable[_Item], counts: Counter[str]) -> Iterator[Found | Refused]:
        """The records that are by themselves; the others are put down, and so is what is remarked."""
        for item in items:
            if isinstance(item, Found | Refused):
                counts["records"] += 1
                yield item
            elif isinstance(item, Batch):
                counts["records"] += item.size
                self._workbench.columns(number, item.columns)
            else:
                self._besides(number, item, counts)

    def _besides(self, number: int, item: Remark | Page, counts: Counter[str]) -> None:
        """Put down what is said of a file besides its records."""
        if isinstance(item, Page):
            self._workbench.page(number, item)
        elif item.wanting:
            counts["unfinished"] += 1
            self._refuse([Reject(number, None, item.text)])
        else:
            self._workbench.remark(number, self._reason(item.text))

    def _items(self, number: int, source: Source, data: Text, counts: Counter[str]) -> Iterator[_Item]:
        """What a file holds, as far as its source can read it."""
        try:
            yield from self._held(source, data)
        except TooLargeError as error:
            counts["unfinished"] += 1
            self._refuse([Reject(number, None, str(error))])
        except (RecordError, *DEFECTS) as error:
            counts["unfinished"] += 1
            behind = f"behind its {counts['records']:,} first records" if counts["records"] else "at all"
            reason = f"cannot be read {behind} ({type(error).__name__}: {error}): a defect of outlive"
            self._refuse([Reject(number, None, reason)])

    def _held(self, source: Source, data: Text) -> Iterable[_Item]:
        """What a file holds; many records at once where its source can, each by itself where names are replaced."""
        batches: Callable[[Text], Sequence[Batch | Found]] | None = getattr(source, "batches", None)  # as Quick has it
        if batches and self._pseudonyms is None:
            # What goes wrong with many at once is told of the one record that it is about.
            with suppress(DoubtError, *DEFECTS):
                return batches(data)
        return source.records(data)

    def _put_down(self, number: int, told: Sequence[Told]) -> None:
        if names := self._pseudonyms:
            told = [
                replace(
                    each,
                    digest=names.digest(each.digest),
                    observed=names.event(each.observed),
                    beside=names.beside(each.beside),
                )
                for each in told
            ]
        self._workbench.events(number, told)


def _events(source: Source, item: Found | Refused) -> list[Told]:
    """What a record tells of.

    Raises:
        RecordError: it could not be read, or cannot be understood.
    """
    if isinstance(item, Refused):
        raise RecordError(item.reason)
    # The same for two deliveries that differ in the order of keys or in white space.
    beside = item.beside or {}
    content, observed = _understood(
        lambda record: (digest(canonical(record)), source.translate({**record, **beside} if beside else record)),
        item.record,
    )
    more = _weighed(beside) if beside else UNKNOWN
    told = [
        Told(item.position, part, content, _dated(_staged(event, item.stage)), more)
        for part, event in enumerate(observed)
    ]
    # Each snapshot mentions again when something was last used: that is one event, whatever else a record lists.
    return [replace(each, part=0, digest=_said(each.observed)) for each in told] if _lists(source) else told


def _said(event: Observed) -> bytes:
    """A hash of all that an event says."""
    return digest(repr(event).encode("utf-8", "backslashreplace"))


def _lists(source: Source) -> Callable[[Record], Sequence[Listed]] | None:
    """How a snapshot lists what stands; None of a log."""
    # That a source is a snapshot takes long to see; this is asked of each record.
    return getattr(source, "listed", None)


def _weighed(beside: Record) -> int:
    """How much is told beside a record, and then, in as many bits as are left, a hash of it."""
    return _filled(beside) << HASHED | number(canonical(beside)) >> (63 - HASHED)


def _filled(value: object) -> int:
    """How many values are told."""
    return sum(map(_filled, value.values())) if isinstance(value, dict) else int(value is not None)


def _listed(source: Source, item: Found | Refused) -> Sequence[Listed]:
    """What a record of a snapshot lists.

    Raises:
        RecordError: it cannot be understood.
    """
    lists = _lists(source)
    listed = _understood(lists, item.record) if lists and isinstance(item, Found) else ()
    for each in listed:
        for time_told in {each.since, each.earliest, each.used, each.latest} - {UNKNOWN}:
            _plausible(time_told)
    return listed


def _understood(read: Callable[[Record], Meaning], record: Record) -> Meaning:
    """What a source makes of a record.

    Raises:
        RecordError: it cannot be understood.
    """
    try:
        return read(record)
    except RecursionError as error:
        raise RecordError("nested too deeply") from error
    except DEFECTS as error:
        # What a source did not think of is told of the one record, and costs no other.
        raise RecordError(f"cannot be understood ({type(error).__name__}: {error}): a defect of outlive") from error


def _staged(observed: Observed, stage: int | None) -> Observed:
    return observed if stage is None else replace(observed, stage=stage)


def _dated(observed: Observed) -> Observed:
    """The event, at a time at which there can have been one."""
    _plausible(observed.time)
    return observed


def _plausible(told: int) -> None:
    """Whether something can have happened at a time.

    Raises:
        RecordError: it cannot.
    """
    if not plausible(told):
        when = datetime.fromtimestamp(told // _SECOND, UTC).isoformat(" ")
        early = "a clock that was not set" if told < EARLIEST else "in the future"
        raise RecordError(f"its time, {when}, is {early}")
