"""Who encloses a span: the tree of a trace, as far as a file holds it."""

from collections.abc import Iterable
from dataclasses import dataclass

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
        for each in found:
            if isinstance(each, Found):
                self._take(each)

    def enclosing(self, trace: str, above: str | None) -> Enclosing:
        """What encloses a span whose parent is `above`."""
        whose, seen = None, set[str]()
        while above is not None and above not in seen:
            seen.add(above)
            node = self._nodes.get((trace, above))
            if node is None:
                return Enclosing(None, whose, known=False)
            whose = whose or node.agent
            if node.task:
                return Enclosing(name(trace, above), whose, known=True)
            above = node.parent
        return Enclosing(None, whose, known=above is None)

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
