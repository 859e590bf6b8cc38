"""`python -m benchmarks`: read CloudTrail and measure stores, by the clock and beside others."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import large
from benchmarks.beside import QUESTIONS, Answer, answer
from benchmarks.exports import corpus
from benchmarks.figures import beside, leave, leave_taking, table, taking
from benchmarks.taken import read
from benchmarks.timing import Figure, Terms, figures
from benchmarks.world import KINDS, Size, store
from sim.audit.store import Store


def main(arguments: Sequence[str] | None = None) -> None:
    """Leave figures in `out/bench.json` and print them."""
    given = _parser().parse_args(arguments)
    if given.what in ("all", "ingest"):
        _taken(given)
    if given.what == "large":
        _say(f"one file of {given.gigabytes:g} GB")
        print(large.read(large.lines(given.gigabytes, given.into / "bench"), _say))
    if given.what in ("all", "measures"):
        _measured(given)


def _taken(given: argparse.Namespace) -> None:
    _say(f"CloudTrail, {given.records:,} events")
    folder = given.into / "bench"
    stored = {events: store("observed", Size(events), folder) for events in given.stored}
    found = read(corpus(given.records, folder), _say, stored)
    print(taking(found), end="\n\n")
    leave_taking(given.into / "bench.json", found)


def _measured(given: argparse.Namespace) -> None:
    terms = Terms(given.memory, given.patience)
    found = list(_timed(given, terms))
    print(table(found), end="\n\n")
    answers = list(_answered(given))
    print(beside(answers))
    leave(given.into / "bench.json", terms, found, answers)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast logs are read and measured.")
    add = parser.add_argument
    add(
        "what", nargs="?", choices=("ingest", "large", "measures", "all"), default="all",
        help="what is timed (default: all, but for large)",
    )  # fmt: skip
    add(
        "--records", type=int, default=2_000_000, metavar="N", help="CloudTrail events that are read (default: 2000000)"
    )
    add(
        "--stored", type=int, nargs="*", default=[10_000_000], metavar="N",
        help="events of stores that they are read into besides (default: 10000000)",
    )  # fmt: skip
    add("--gigabytes", type=float, default=1.5, metavar="N", help="of the one file of large (default: 1.5)")
    add("--events", type=int, nargs="+", default=[1_000_000, 10_000_000], metavar="N", help="calls in a log")
    add("--kind", nargs="+", choices=KINDS, default=list(KINDS), help="what is measured")
    add("--measure", nargs="+", default=[], metavar="NAME", help="these alone")
    add("--memory", default="3.8GB", metavar="SIZE", help="the most that DuckDB takes (default: 3.8GB)")
    add("--patience", type=float, default=120, metavar="S", help="seconds after which a measure is left (default: 120)")
    add("--most-beside", type=int, default=10_000_000, metavar="N", help="events above which pandas has no memory")
    add("--into", type=Path, default=Path("out"), metavar="DIR", help="where stores and figures go (default: out)")
    return parser


def _timed(given: argparse.Namespace, terms: Terms) -> Iterator[Figure]:
    for kind in given.kind:
        for events in given.events:
            _say(f"{kind}, {events:,} events")
            path = store(kind, Size(events), given.into / "bench")
            for figure in figures(path, kind, events, given.measure, terms):
                _say(f"  {figure.measure}: {figure.failed or f'{figure.first_s:.2f} s'}")
                yield figure


def _answered(given: argparse.Namespace) -> Iterator[Answer]:
    for question in QUESTIONS:
        for events in (each for each in given.events if each <= given.most_beside):
            _say(f"{question.name} beside pandas, {events:,} events")
            with Store.open(store(question.kind, Size(events), given.into / "bench"), given.memory) as opened:
                yield answer(question, opened, events)


def _say(words: str) -> None:
    print(words, file=sys.stderr)


if __name__ == "__main__":
    main()
