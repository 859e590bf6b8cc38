"""The table of a campaign: how many mutants of each file were noticed, and why the others were not."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from tests.mutation.syntax import Mutant
from tests.mutation.verdict import Verdict

UNEXPLAINED: Final = "**not explained**"
_HEAD: Final = """\
# Mutants

Small changes of the code that some test should notice, and those that none does. Made by `{}`; what a mutant
is, what counts as killed, and what a survivor means stands in `tests/mutation/__init__.py`.
"""


class Tried(NamedTuple):
    """A mutant, and what became of it."""

    mutant: Mutant
    verdict: Verdict


def page(tried: Sequence[Tried], why: Mapping[str, str], command: str, chosen: str = "") -> str:
    """All of it, as Markdown: which command made it, and which mutants were tried if not all."""
    return "\n".join([_HEAD.format(command) + chosen, *counts(tried, why), *_survivors(tried, why), ""])


def counts(tried: Sequence[Tried], why: Mapping[str, str]) -> Iterator[str]:
    """A row a file, and one of all."""
    yield "| file | mutants | tried | killed | timed out | survived | of these explained |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for file in dict.fromkeys(each.mutant.file for each in tried):
        yield _row(file, [each for each in tried if each.mutant.file == file], why)
    yield _row("all", tried, why)


def _row(name: str, tried: Sequence[Tried], why: Mapping[str, str]) -> str:
    number = Counter(each.verdict for each in tried)
    known = sum(each.mutant.key in why for each in tried if each.verdict == "survived")
    cells = (
        name,
        len(tried),
        len(tried) - number["left out"],
        number["killed"],
        number["timed out"],
        number["survived"],
        known,
    )
    return f"| {' | '.join(map(str, cells))} |"


def _survivors(tried: Sequence[Tried], why: Mapping[str, str]) -> Iterator[str]:
    """Every survivor: its line, its change, and why it survives."""
    left = [each.mutant for each in tried if each.verdict == "survived"]
    for file in dict.fromkeys(mutant.file for mutant in left):
        yield f"\n## {file}\n"
        yield "| line | was | became | why it survives |"
        yield "|--:|---|---|---|"
        for mutant in sorted((each for each in left if each.file == file), key=lambda each: each.line):
            cells = (str(mutant.line), _code(mutant.was), _code(mutant.now), why.get(mutant.key, UNEXPLAINED))
            yield f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")
