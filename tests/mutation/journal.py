"""What became of mutants so far, line by line: an interrupted campaign goes on from there.

Inputs only become richer: what some test noticed need not be tried again while its text is the same. What survived, or
took too long, is tried again once anything that it was tried by, or on, is another.
"""

import json
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from tests.mutation.syntax import Mutant
from tests.mutation.verdict import Verdict

_ROOT: Final = Path(__file__).parents[2]
PATH: Final = _ROOT / "out" / "mutants.jsonl"
_STAYS: Final = ("killed", "no mutant")
_TRYING: Final = ("tests", "analysis", "sim", "outlive", "data")
# Why some survive, and how it is shown, changes nothing.
_SHOWING: Final = {"explanations.toml", "explained.py", "page.py", "journal.py", "campaign.py", "test_campaign.py"}
_KINDS: Final = {".py", ".sql", ".toml", ".csv", ".json", ".cedar"}


class Journal:
    """What became of mutants, by what they are. Several processes may add to it."""

    def __init__(self, path: Path = PATH, *, goes_on: bool = False) -> None:
        """`goes_on`: with what is there already."""
        self._path = path
        lines = path.read_text("utf-8").splitlines() if goes_on and path.exists() else []
        told = [each for each in map(json.loads, lines) if each["verdict"] in _STAYS or each["by"] == _tried_by()]
        self._known: dict[str, Verdict] = {each["mutant"]: each["verdict"] for each in told}

    def knows(self, mutant: Mutant) -> bool:
        """Whether it need not be tried again."""
        return _name(mutant) in self._known

    def verdict(self, mutant: Mutant, judge: Callable[[Mutant], Verdict]) -> Verdict:
        """What became of a mutant, or becomes of it."""
        if self.knows(mutant):
            return self._known[_name(mutant)]
        found = judge(mutant)
        line = {"mutant": _name(mutant), "verdict": found, "by": _tried_by(), "key": mutant.key}
        self._path.parent.mkdir(exist_ok=True)
        with self._path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(line) + "\n")
        return found


def _name(mutant: Mutant) -> str:
    return sha256(f"{mutant.key}\n{mutant.text}".encode()).hexdigest()


@cache
def _tried_by() -> str:
    """All that mutants are tried by and on."""
    found = sha256()
    for path in sorted(each for folder in _TRYING for each in (_ROOT / folder).rglob("*") if each.suffix in _KINDS):
        if path.name not in _SHOWING:
            found.update(path.read_bytes())
    return found.hexdigest()
