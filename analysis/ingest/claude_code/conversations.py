"""What no record says alone: which conversation it is of, and what begins, ends or is answered with it.

The records of a file are read in their order, and each of a conversation is given this. Nothing but names is kept of
what went by.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from analysis.ingest.claude_code.messages import GIVEN, pieces
from analysis.ingest.reading import Found, Refused
from analysis.ingest.strict import Record, RecordError

Asks = Callable[[str], bool]


def followed(items: Iterable[Found | Refused], asks: Asks) -> Iterator[Found | Refused]:
    """The same records, with what is known of their conversations; one that ends a sub-agent's may come later.

    `asks` says of a tool whether a call of it asks a person.
    """
    return _Following(asks).through(items)


class _Following:
    """What went by so far."""

    def __init__(self, asks: Asks) -> None:
        self._asks = asks
        self._begun: set[str] = set()
        self._copied: set[str] = set()
        self._threads: dict[str, str] = {}
        self._open: set[str] = set()
        self._launched: set[str] = set()
        self._ending: dict[str, Found] = {}

    def through(self, items: Iterable[Found | Refused]) -> Iterator[Found | Refused]:
        for item in items:
            if isinstance(item, Refused) or _name_in(item.record, "uuid") is None:
                yield item
            elif item.record.get("forkedFrom"):
                self._copied.add(f"{item.record['uuid']}")
                yield item
            else:
                yield from self._placed(item)
        yield from (_given(item, {"ends": name}) for name, item in self._ending.items())

    def _placed(self, item: Found) -> Iterator[Found]:
        """The record in its place. One that says that a sub-agent is done is held: it may not be the last to say so."""
        session = _name_in(item.record, "sessionId") or ""
        name = self._name(item.record, session)
        begins = name is not None and self._begins(item.record, name)
        known: Record = {"name": name, "begins": begins, "asked": self._answered(item.record)}
        placed = _given(item, {**known, "within": session} if name != session else known, anew=True)
        agent, status = _directed(item.record)
        child = agent and f"{session}/{agent}"
        if child and child not in self._launched:
            self._launched.add(child)
            placed = _given(placed, {"launches": child})
        if child is None or status != "completed":
            yield placed
            return
        if before := self._ending.pop(child, None):
            yield before
        self._ending[child] = placed

    def _name(self, record: Record, session: str) -> str | None:
        """A session's own conversation is called like it; one of a sub-agent by the agent, else by its first record.

        None where neither an agent is named nor that record is in the file.
        """
        if record.get("isSidechain") is not True:
            return session
        if agent := _name_in(record, "agentId"):
            return f"{session}/{agent}"
        uuid, parent = f"{record['uuid']}", record.get("parentUuid")
        thread = uuid if parent is None else self._threads.get(f"{parent}")
        if thread is None:
            return None
        self._threads[uuid] = thread
        return f"{session}/{thread}"

    def _begins(self, record: Record, name: str) -> bool:
        """Whether a conversation begins here: with its first record, after nothing, or after what was copied."""
        first = name not in self._begun
        self._begun.add(name)
        after_nothing = record.get("parentUuid") is None and record.get("logicalParentUuid") is None
        return first and (after_nothing or _name_in(record, "parentUuid") in self._copied)

    def _answered(self, record: Record) -> list[str]:
        """The questions to a person that are answered here; those that are put are remembered."""
        try:
            calls, results = pieces(record, "tool_use"), pieces(record, "tool_result")
        except RecordError:
            return []
        self._open |= {f"{each.get('id')}" for each in calls if self._asks(f"{each.get('name')}")}
        return [id_ for each in results if (id_ := f"{each.get('tool_use_id')}") in self._open]


def _given(item: Found, known: Record, *, anew: bool = False) -> Found:
    before = {} if anew else item.record[GIVEN]
    return replace(item, record={**item.record, GIVEN: {**before, **known}})  # type: ignore[dict-item]


def _name_in(record: Record, key: str) -> str | None:
    value = record.get(key)
    return value if isinstance(value, str) and value else None


def _directed(record: Record) -> tuple[str | None, object]:
    """The sub-agent whose work a result tells of, and how that stands."""
    result = record.get("toolUseResult")
    return (_name_in(result, "agentId"), result.get("status")) if isinstance(result, dict) else (None, None)
