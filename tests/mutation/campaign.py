"""`make mutants`: make every mutant, try each, write the table. Files may be named by their stems."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

from sim.audit.store import Store
from tests.mutation.examples import examples
from tests.mutation.explained import reasons, stale
from tests.mutation.logs import logged
from tests.mutation.page import Tried, counts, page
from tests.mutation.syntax import mutants, unchanged
from tests.mutation.trials import at_random, by_hand, with_bounds
from tests.mutation.verdict import Judge

_ROOT: Final = Path(__file__).parents[2]
_PAGE: Final = _ROOT / "docs" / "mutants.md"
_SQL: Final = tuple(sorted((_ROOT / "analysis" / "measures").glob("*.sql")))


def main(only: Sequence[str]) -> int:
    """Try mutants of the files named, or of all; 0 if every survivor is explained and every explanation fits one."""
    if unknown := set(only) - {path.stem for path in _SQL}:
        sys.stderr.write(f"no file {', '.join(unknown)}; there are {', '.join(path.stem for path in _SQL)}\n")
        return 2
    paths = [path for path in _SQL if not only or path.stem in only]
    tried, why = list(_tried(paths)), reasons()
    if only:
        sys.stdout.write("\n".join(counts(tried, why)) + "\n")
    else:
        _PAGE.write_text(page(tried, why), "utf-8")
        sys.stdout.write(page(tried, why))
    survivors = {each.mutant.key for each in tried if each.verdict == "survived"}
    unexplained = [f"not explained: {key}" for key in sorted(survivors - why.keys())]
    outdated = [f"explained, but no survivor: {key}" for key in stale(survivors, [path.name for path in paths])]
    sys.stdout.write("".join(f"{line}\n" for line in [*unexplained, *outdated]))
    return 1 if unexplained or outdated else 0


def _tried(paths: Sequence[Path]) -> Iterator[Tried]:
    """Every mutant with what became of it."""
    alone = paths[0].stem if len(paths) == 1 and paths[0].stem != "concepts" else None
    with ExitStack() as kept:
        stores = [kept.enter_context(Store.in_memory()) for _ in range(4)]
        made = (by_hand(stores[0], alone), *at_random(stores[1], alone), *with_bounds(stores[2], alone))
        judge = kept.enter_context(closing(Judge([*made, *logged(kept, alone)], examples(stores[3]))))
        for path in paths:
            sys.stderr.write(f"{path.name} ...\n")
            assert all(judge.of(each) == "survived" for each in unchanged(path)), f"SQLGlot misreads {path.name}"
            tried = (Tried(mutant, judge.of(mutant)) for mutant in mutants(path))
            yield from (each for each in tried if each.verdict != "no mutant")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
