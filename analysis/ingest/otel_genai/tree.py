"""Who encloses a span: the tree of a trace, as far as a file holds it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis.ingest.fields import part
from analysis.ingest.otel_genai.kinds import agent, kind
from analysis.ingest.otel_genai.spans import attributes, identity, parent
from analysis.ingest.reading import Found, Refused
from analysis.ingest.strict import RecordError

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Node:
    """A span: what encloses it, and if it is a task, whose."""

    parent: str | None
    task: bool
    agent: str | None


@dataclass(frozen=True, slots=True)
class Enclosing:
    """The next task that encloses a span, and whose that is; `known` is whether the way there, or to the root, is."""

    task: str | None
    agent: str | None
    known: bool


class Tree:
    """Every span of a file by its ids."""

    def __init__(self, found: Iterable[Found | Refused]) -> None:
        """Take in every span; what cannot be read encloses nothing."""
        self._nodes: dict[Key, _Node] = {}
        self._found: dict[Key, Enclosing] = {}
        for each in found:
            if isinstance(each, Found):
                self._take(each)

    def enclosing(self, trace: str, above: str | None) -> Enclosing:
        """What encloses a span whose parent is `above`; each span is passed once, however deep they lie."""
        way, seen = list[tuple[Key, _Node]](), set[str]()
        found = None
        while found is None:
            node = None if above is None else self._nodes.get((trace, above))
            if above is None or node is None or above in seen:
                found = Enclosing(None, None, known=above is None)
            elif known := self._found.get((trace, above)):
                found = known
            else:
                seen.add(above)
                way.append(((trace, above), node))
                if node.task:
                    found = Enclosing(name(trace, above), None, known=True)
                above = node.parent
        # Of those that enclose each other nobody knows which comes first: each has its own agent, or none.
        circle = above in seen and found.task is None
        for key, node in reversed(way):
            found = self._found[key] = replace(found, agent=node.agent or (None if circle else found.agent))
            circle = circle and key[1] != above
        return found

    def _take(self, found: Found) -> None:
        try:
            span = part(found.record, "span")
            trace, own = identity(span)
            told = attributes(span)
            node = _Node(parent(span), kind(told).is_task, agent(told))
        except RecordError:
            return
        if trace is not None and own is not None:
            self._nodes[trace, own] = node


def name(trace: str, span: str) -> str:
    """What a span is called in the log."""
    return f"{trace}/{span}"
