"""What became of mutants so far, line by line: an interrupted campaign goes on from there.

Inputs only become richer: what some test noticed need not be tried again while the text is the same. What survived, or
took too long, is.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

from tests.mutation.syntax import Mutant
from tests.mutation.verdict import Verdict

PATH: Final = Path(__file__).parents[2] / "out" / "mutants.jsonl"
_STAYS: Final = ("killed", "no mutant")


class Journal:
    """Which mutants were noticed, by what they are. Several processes may add to it."""

    def __init__(self, path: Path = PATH, *, goes_on: bool = False) -> None:
        """`goes_on`: with what is there already."""
        self._path = path
        lines = path.read_text("utf-8").splitlines() if goes_on and path.exists() else []
        told = map(json.loads, lines)
        self._known: dict[str, Verdict] = {
            each["mutant"]: each["verdict"] for each in told if each["verdict"] in _STAYS
        }

    def verdict(self, mutant: Mutant, judge: Callable[[Mutant], Verdict]) -> Verdict:
        """What became of a mutant, or becomes of it."""
        name = sha256(f"{mutant.key}\n{mutant.text}".encode()).hexdigest()
        if name in self._known:
            return self._known[name]
        found = judge(mutant)
        self._path.parent.mkdir(exist_ok=True)
        with self._path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"mutant": name, "verdict": found, "key": mutant.key}) + "\n")
        return found
