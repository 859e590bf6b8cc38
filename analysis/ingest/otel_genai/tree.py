"""Who encloses a span: the tree of a trace, as far as a file holds it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis.ingest.fields import part
from analysis.ingest.otel_genai.kinds import agent, kind
from analysis.ingest.otel_genai.spans import attributes, identity, parent
from analysis.ingest.reading import Found, Refused
from analysis.ingest.strict import RecordError


@dataclass(frozen=True, slots=True)
class Enclosing:
    """The next task that encloses a span, and whose that is; `known` is whether the way there, or to the root, is."""

    task: str | None
    agent: str | None
    known: bool


@dataclass(slots=True)
class _Node:
    """A span: what encloses it, if it is a task, whose; and what is found out of it, for those that it encloses."""

    parent: str | None
    task: bool
    agent: str | None
    found: Enclosing | None = None


class Tree:
    """Every span of a file by its ids: little of each, since files may hold millions."""

    def __init__(self, found: Iterable[Found | Refused]) -> None:
        """Take in every span; what cannot be read encloses nothing."""
        self._traces: dict[str, dict[str, _Node]] = {}
        self._agents: dict[str | None, str | None] = {}
        for each in found:
            if isinstance(each, Found):
                self._take(each)

    def enclosing(self, trace: str, above: str | None) -> Enclosing:
        """What encloses a span whose parent is `above`; each span is passed once, however deep they lie."""
        nodes, way, seen = self._traces.get(trace, {}), list[tuple[str, _Node]](), set[str]()
        found = None
        while found is None:
            node = None if above is None else nodes.get(above)
            if above is None or node is None or above in seen:
                found = Enclosing(None, None, known=above is None)
            elif node.found:
                found = node.found
            else:
                seen.add(above)
                way.append((above, node))
                if node.task:
                    found = Enclosing(name(trace, above), None, known=True)
                above = node.parent
        # Of those that enclose each other nobody knows which comes first: each has its own agent, or none.
        circle = above in seen and found.task is None
        for span, node in reversed(way):
            found = node.found = _of(found, node.agent or (None if circle else found.agent))
            circle = circle and span != above
        return found

    def _take(self, found: Found) -> None:
        try:
            span = part(found.record, "span")
            trace, own = identity(span)
            told = attributes(span)
            whose = agent(told)
            node = _Node(parent(span), kind(told).is_task, self._agents.setdefault(whose, whose))
        except RecordError:
            return
        if trace is not None and own is not None:
            self._traces.setdefault(trace, {})[own] = node


def _of(found: Enclosing, agent: str | None) -> Enclosing:
    """The same, of this agent; kept once where it is of no other."""
    return found if found.agent == agent else replace(found, agent=agent)


def name(trace: str, span: str) -> str:
    """What a span is called in the log."""
    return f"{trace}/{span}"
