"""`make mutants`: make every mutant, try each, or one in several, and write the table.

`make mutants ONLY=stale_access` (or ONLY=statistics.py) tries all of one file and shows the table only; `make mutants
SHARE=1` tries all of all files, for hours. PROCESSES=2 lets two processes share the files; RESUME=1 tries again what
survived the last campaign, and what that did not come to; SO_FAR=1 shows what is known of it.
"""

import argparse
import resource
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Final, NamedTuple, NoReturn
from zlib import crc32

from analysis.measures.concepts.concepts import FILES
from sim.audit.store import Store
from tests.mutation import forked, python
from tests.mutation.examples import examples
from tests.mutation.explained import reasons, stale
from tests.mutation.journal import PATH, Journal
from tests.mutation.logs import logged
from tests.mutation.page import Tried, counts, page
from tests.mutation.syntax import Mutant, mutants, unchanged
from tests.mutation.trials import at_random, by_hand, with_bounds, with_doubts, with_holes
from tests.mutation.verdict import Judge, Verdict

_ROOT: Final = Path(__file__).parents[2]
_PAGE: Final = _ROOT / "docs" / "mutants.md"
_SQL: Final = (*sorted((_ROOT / "analysis" / "measures").glob("*.sql")), *FILES)
_NAMES: Final = [*(path.stem for path in _SQL), *(Path(path).name for path in forked.TESTS)]
# One mutant in so many is tried where all files are: a whole campaign takes a core for hours.
_SHARE: Final = 6
# Of each file at least so many: one of hundreds says nothing.
_FEWEST: Final = 5
# Bytes that one process may take.
_MEMORY: Final = 6 << 30
_COMMAND: Final = "make mutants SHARE={}"
_SO_FAR: Final = """\
This campaign was broken off: what it had not come to counts as not tried, and `RESUME=1` goes on with it.
"""
_CHOSEN: Final = "Of each file one mutant in {} was tried, and at least {}, chosen by what they are.\n"


def main() -> int:
    """Try mutants of the files named, or of all; 0 if every survivor is explained and every explanation fits one."""
    asked = _arguments()
    paths = [path for path in _SQL if not asked.only or path.stem in asked.only]
    coded = [path for path in forked.TESTS if not asked.only or Path(path).name in asked.only]
    share, why = asked.share or (1 if asked.only else _SHARE), reasons()
    tried = _of_all(coded, paths, share, asked)
    if asked.only:
        sys.stdout.write("\n".join(counts(tried, why)) + "\n")
    else:
        said = _CHOSEN.format(share, _FEWEST) if share > 1 else ""
        made = page(tried, why, _COMMAND.format(share), said + (_SO_FAR if asked.so_far else ""))
        _PAGE.write_text(made, "utf-8")
        sys.stdout.write(made)
    return _complained(tried, why, [path.name for path in paths] + [Path(path).name for path in coded])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description="Try which mutants survive the tests.")
    parser.add_argument("only", nargs="*", choices=[[], *_NAMES], metavar="FILE")
    parser.add_argument("--share", type=int)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--so-far", action="store_true", help="show what is known, and try nothing")
    return parser.parse_args()


def _complained(tried: Sequence[Tried], why: Collection[str], files: Collection[str]) -> int:
    """Say which survivor has no explanation and which explanation no survivor; 1 if there are any."""
    survivors = {each.mutant.key for each in tried if each.verdict == "survived"}
    left_out = {each.mutant.key for each in tried if each.verdict == "left out"}
    unexplained = [f"not explained: {key}" for key in sorted(survivors - set(why))]
    outdated = [f"explained, but no survivor: {key}" for key in stale(survivors | left_out, files)]
    sys.stdout.write("".join(f"{line}\n" for line in [*unexplained, *outdated]))
    return 1 if unexplained or outdated else 0


def _of_all(coded: Sequence[str], paths: Sequence[Path], share: int, asked: argparse.Namespace) -> list[Tried]:
    """Every mutant with what became of it, file by file, whichever process tried them."""
    alone = paths[0].stem if len(paths) == 1 and paths[0] not in FILES else None
    places = range(count := asked.processes)
    hands = [_Hand(coded[n::count], paths[n::count], share, alone, asked.resume) for n in places]
    if asked.so_far:
        return so_far(coded, paths, share, Journal(goes_on=True))
    if not asked.resume:
        PATH.unlink(missing_ok=True)
    with ProcessPoolExecutor(count, get_context("spawn")) as working:
        tried = list(chain.from_iterable(working.map(_tried, hands)))
    order = [*(Path(path).name for path in coded), *(path.name for path in paths)]
    return sorted(tried, key=lambda each: order.index(each.mutant.file))


class _Hand(NamedTuple):
    """What one process tries. `alone`: all inputs are those of one measure."""

    coded: Sequence[str]
    paths: Sequence[Path]
    share: int
    alone: str | None
    goes_on: bool


def so_far(coded: Sequence[str], paths: Sequence[Path], share: int, journal: Journal) -> list[Tried]:
    """What is known already of every mutant; what is not, or not chosen, is left out."""
    found = []
    for made in [list(python.mutants(_ROOT / path)) for path in coded] + [list(mutants(path)) for path in paths]:
        some = {each.key for each in made if journal.knows(each)} & set(chosen(made, share))
        found += [Tried(each, journal.verdict(each, _untried) if each.key in some else "left out") for each in made]
    return [each for each in found if each.verdict != "no mutant"]


def _tried(hand: _Hand) -> list[Tried]:
    # A mutant may ask for rows without end; DuckDB counts not all that lists of them take.
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, resource.RLIM_INFINITY))
    journal = Journal(goes_on=hand.goes_on)
    return [*_of_python(hand, journal), *(_of_sql(hand, journal) if hand.paths else ())]


def _of_python(hand: _Hand, journal: Journal) -> Iterator[Tried]:
    """The same of files of Python. Before any database is open: a fork would leave its threads behind."""
    for path in hand.coded:
        tests, made = forked.TESTS[path], list(python.mutants(_ROOT / path))
        if not _known(made, hand.share, journal):
            sys.stderr.write(f"{path} ...\n")
            same = replace(made[0], text=(_ROOT / path).read_text("utf-8"))
            assert forked.of(same, path, tests) == "survived", f"{path}: its tests fail as it is"
        yield from _each(made, hand.share, journal, partial(forked.of, path=path, tests=tests))


def _of_sql(hand: _Hand, journal: Journal) -> Iterator[Tried]:
    """The same of files of SQL."""
    files = {path: list(mutants(path)) for path in hand.paths}
    left = [path for path, made in files.items() if not _known(made, hand.share, journal)]
    with ExitStack() as kept:
        judge = _judge(kept, hand.alone) if left else None
        shared = [each for path in left if path in FILES for each in unchanged(path)]
        assert not (judge and shared and judge.misreads(shared)), "SQLGlot misreads what measures share"
        for path, made in files.items():
            if judge and path in left:
                sys.stderr.write(f"{path.name} ...\n")
                alike = path in FILES or all(judge.of(each) == "survived" for each in unchanged(path))
                assert alike, f"SQLGlot misreads {path.name}"
            yield from _each(made, hand.share, journal, judge.of if judge else _untried)


def _judge(kept: ExitStack, alone: str | None) -> Judge:
    """Whoever knows all inputs, or those of one measure; what is open is closed with `kept`."""
    stores = [kept.enter_context(Store.in_memory()) for _ in range(7)]
    made = zip((at_random, with_bounds, with_holes, with_doubts), stores[2:6], strict=True)
    trials = [by_hand(stores[0], alone), *(trial for make, store in made for trial in make(store, alone))]
    known = examples(stores[1], stores[6])
    return kept.enter_context(closing(Judge([*trials, *logged(kept, alone)], known)))


def _untried(mutant: Mutant) -> NoReturn:
    raise LookupError(mutant.key)


def _known(made: Sequence[Mutant], share: int, journal: Journal) -> bool:
    """Whether it is known of all that are chosen what became of them."""
    some = chosen(made, share)
    return all(journal.knows(each) for each in made if each.key in some)


def _each(made: Sequence[Mutant], share: int, journal: Journal, judge: Callable[[Mutant], Verdict]) -> Iterator[Tried]:
    """Those that are chosen of one file with their verdicts, the others as left out; what is no mutant is not there."""
    some = chosen(made, share)
    tried = (Tried(each, journal.verdict(each, judge) if each.key in some else "left out") for each in made)
    yield from (each for each in tried if each.verdict != "no mutant")


def chosen(made: Sequence[Mutant], share: int) -> Collection[str]:
    """The keys of those that are tried of a file: the same ones each time, hardly whatever else changes in it."""
    drawn = sorted((crc32(mutant.key.encode()) % share, mutant.key) for mutant in made)
    return {key for place, (number, key) in enumerate(drawn) if number == 0 or place < _FEWEST}


if __name__ == "__main__":
    sys.exit(main())
