"""What each verb of the command line takes: names, options and their defaults."""

import argparse
from functools import partial
from pathlib import Path
from typing import Final

from outlive.bundled import Folder, find

FORMATS: Final = ("table", "json", "csv")
_MEMORY: Final = (
    "the most memory that DuckDB takes, such as 4GB; the rest goes to disk as far as it can (default: 80 %%)"
)
_TABLE: Final = (
    "The table has means over the runs of each control model with their 95 % intervals, and quantiles of all runs "
    "together; `a to b`, `at least`, (estimated), (declared) and why something is not shown are explained below it. "
    "What is told of a log is proven, and at most. `json` and `csv` have a row for each run, with bounds that stay as "
    "they were measured. `outlive explain NAME` defines a measure."
)


class _Once(argparse.Action):
    """An option that is given once: of two values one would be left out, and nobody would be told."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, _: str | None = None
    ) -> None:
        """Keep the value, or refuse another one."""
        if getattr(namespace, self.dest) is not None:
            parser.error(f"{'/'.join(self.option_strings)} is given twice: give it once")
        setattr(namespace, self.dest, values)


def _scenario(parser: argparse.ArgumentParser) -> None:
    """A scenario; a name that stands for none is refused before anything is said of options that are missing."""
    said = "a bundled scenario, or the path of a TOML file"
    parser.add_argument("scenario", type=partial(_known, "scenarios"), metavar="SCENARIO", help=said)


def _controls(parser: argparse.ArgumentParser, said: str) -> None:
    """Control models; so are names that stand for none."""
    known = partial(_known, "controls")
    parser.add_argument("--control", nargs="+", type=known, required=True, metavar="NAME", help=said)


def _known(folder: Folder, name: str) -> str:
    find(folder, name)
    return name


def _store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=Path, metavar="F.duckdb")


def _run(parser: argparse.ArgumentParser, which: str) -> None:
    parser.add_argument("--run", type=int, metavar="KEY", help=which)


def _evidence(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--evidence", choices=("log", "truth"), help=what)


def clamped(parser: argparse.ArgumentParser) -> None:
    """Control models, or none."""
    asked = "control models by name or path: what was asked for, what is got, and why"
    parser.add_argument("--control", nargs="+", action="extend", default=[], metavar="NAME", help=asked)
    formatted(parser)


def formatted(parser: argparse.ArgumentParser) -> None:
    """How to print."""
    parser.add_argument("--format", choices=FORMATS, default="table", help="how to print (default: table)")


def answering(parser: argparse.ArgumentParser) -> None:
    """A policy, or none."""
    parser.add_argument("policy", nargs="?", metavar="POLICY", help="a bundled policy, or the path of a .cedar file")
    parser.add_argument("--scenario", default="support_midsize", metavar="NAME", help="for whose kinds of work")
    another = "another policy: how much work each puts in which tier of approval, kinds of action and share of actions"
    parser.add_argument("--against", metavar="POLICY", help=another)
    formatted(parser)


def framed(parser: argparse.ArgumentParser) -> None:
    """A framework, or none."""
    parser.add_argument("framework", nargs="?", metavar="NAME", help="a framework: its ids, and what answers them")
    formatted(parser)


def simulated(parser: argparse.ArgumentParser, *, keeps: bool = True) -> None:
    """A scenario under control models."""
    _scenario(parser)
    under(parser, 10, "replications of each", keeps=keeps)
    parser.add_argument("--processes", type=int, default=2, metavar="P", help="processes to use (default: 2)")
    parser.add_argument(
        "--estimand", choices=("transition", "steady"), default="transition",
        help="whether models take over what one past left behind, or each has governed all along (default: transition)",
    )  # fmt: skip


def under(parser: argparse.ArgumentParser, times: int, what: str, *, keeps: bool = True) -> None:
    """Control models, draws and settings; the store, where it keeps what it simulates."""
    add = parser.add_argument
    _controls(parser, "control models by name or path; baseline first")
    if keeps:
        add("--into", type=Path, required=True, metavar="F.duckdb", help="store to write; the same runs are replaced")
    add("--replicates", type=int, default=times, metavar="N", help=f"{what} (default: {times})")
    add("--seed", type=int, default=1, metavar="S", help="seed of every draw (default: 1)")
    add(
        "--set", action="append", default=[], metavar="KEY=VALUE",
        help="scenario.KEY=... or control.NAME.KEY=..., as often as you like",
    )  # fmt: skip


def compared(parser: argparse.ArgumentParser) -> None:
    """A comparison, with a report of it."""
    simulated(parser)
    formatted(parser)
    parser.add_argument("--report", type=Path, metavar="F.html", help="write the report too")


def staged(parser: argparse.ArgumentParser) -> None:
    """A comparison with as many replications as a wanted width takes."""
    compared(parser)
    add = parser.add_argument
    add(
        "--within", action="append", default=[], metavar="QUANTITY=PERCENT",
        help="as many replications as it takes for the interval of a difference to go no further to either side, in "
        "percent of the baseline's value; --replicates is then a pilot that tells how many; as often as you like",
    )  # fmt: skip
    add("--most", type=int, metavar="N", help="with --within, so many replications at most (default: 200)")


def assumed(parser: argparse.ArgumentParser) -> None:
    """A scenario under control models, of which nothing is simulated."""
    parser.set_defaults(replicates=1, seed=1, processes=1, estimand="transition")
    add = parser.add_argument
    _scenario(parser)
    _controls(parser, "control models by name or path")
    add("--set", action="append", default=[], metavar="KEY=VALUE", help="scenario.KEY=... or control.NAME.KEY=...")
    formatted(parser)


def swept(parser: argparse.ArgumentParser) -> None:
    """A comparison, and which assumptions to vary."""
    compared(parser)
    parser.add_argument(
        "--over", nargs="+", action="extend", default=[], metavar="KEY", help="only these assumptions (default: all)"
    )
    known = "assumptions that are known here, and stay as they are said"
    parser.add_argument("--known", nargs="+", action="extend", default=[], metavar="KEY", help=known)
    drawn = "in how many joint draws of them to look whether a claim stands; 0: only at the ends (default: 61)"
    parser.add_argument("--draws", type=int, default=61, metavar="N", help=drawn)


def sought(parser: argparse.ArgumentParser) -> None:
    """A quantity, and between which values of a knob to look."""
    simulated(parser, keeps=False)
    formatted(parser)
    add = parser.add_argument
    add("--quantity", default="obtainable", metavar="NAME", help="what ranks them (default: obtainable)")
    add("--over", required=True, metavar="KEY", help="a knob that is a number: scenario.KEY or control.NAME.KEY")
    add("--from", dest="least", type=float, required=True, metavar="X", help="where to begin")
    add("--to", dest="most", type=float, required=True, metavar="Y", help="where to end")


def replayed(parser: argparse.ArgumentParser) -> None:
    """A log under control models."""
    parser.set_defaults(processes=1, estimand="transition")
    add = parser.add_argument
    add("store", type=Path, metavar="F.duckdb", help="store that holds the log")
    _run(parser, "whose log (default: the only one)")
    add("--scenario", default="support_midsize", metavar="NAME", help="where figures come from that no log tells")
    under(parser, 5, "sets of draws")
    formatted(parser)
    add("--report", type=Path, metavar="F.html", help="write the report too")


def ingested(parser: argparse.ArgumentParser) -> None:
    """Files of exports."""
    parser.set_defaults(listed="paths")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders of exports")
    parser.add_argument("--into", action=_Once, type=Path, required=True, metavar="F.duckdb", help="store to write")
    as_one = "read everything as this source instead of recognising it"
    parser.add_argument("--source", action=_Once, metavar="NAME", help=as_one)
    keyed = "write keyed hashes instead of names; the file holds the key, 32 bytes or more, which is never stored"
    parser.add_argument("--pseudonymise", action=_Once, type=Path, metavar="KEYFILE", help=keyed)


def measured(parser: argparse.ArgumentParser) -> None:
    """A store, and which measures."""
    parser.epilog = _TABLE
    parser.set_defaults(listed="names")
    _store(parser)
    parser.add_argument("names", nargs="*", metavar="NAME", help="measures by name, or .sql by path (default: all)")
    _run(parser, "only this run")
    _evidence(parser, "what to measure on (default: of what is simulated the truth, or the log for how much it tells)")
    parser.add_argument("--memory", metavar="SIZE", help=_MEMORY)
    asked = "a parameter of those measures that have it, such as dwell_hours=4, as often as you like"
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help=asked)
    formatted(parser)


def traced(parser: argparse.ArgumentParser) -> None:
    """A store, and one of its events."""
    _store(parser)
    named = "id of an event (default: list events worth asking about)"
    parser.add_argument("event", nargs="?", type=int, metavar="EVENT", help=named)
    _run(parser, "of which run (default: the only one)")
    _evidence(parser, "what to ask")
    formatted(parser)
    parser.add_argument("--report", type=Path, metavar="F.html", help="write a page too")


def queued(parser: argparse.ArgumentParser) -> None:
    """A store, and how many of its credentials to list."""
    _store(parser)
    _run(parser, "of which run (default: the only one)")
    _evidence(parser, "what to ask")
    parser.add_argument("--first", type=int, default=20, metavar="N", help="how many to list (default: 20)")
    formatted(parser)


def answerable(parser: argparse.ArgumentParser) -> None:
    """A store, or one log of it."""
    _store(parser)
    _run(parser, "only this run (default: all)")
    formatted(parser)


def ablated(parser: argparse.ArgumentParser) -> None:
    """A store, or one run of it."""
    _store(parser)
    _run(parser, "only this run (default: the mean over all)")
    formatted(parser)


def explained(parser: argparse.ArgumentParser) -> None:
    """A measure, or what measures share."""
    parser.add_argument("measure", metavar="NAME", help="a measure, what its SQL names, such as held, or ablate")


def reported(parser: argparse.ArgumentParser) -> None:
    """A store, and the page to write."""
    _store(parser)
    parser.add_argument("--into", type=Path, required=True, metavar="F.html", help="page to write")
    parser.add_argument("--comparison", metavar="ID", help="which comparison (default: the latest)")
    _run(parser, "which ingested log (default: the latest)")


def exported(parser: argparse.ArgumentParser) -> None:
    """A store, a form and a folder."""
    add = parser.add_argument
    _store(parser)
    add(
        "--as",
        action=_Once,
        dest="form",
        required=True,
        metavar="FORM",
        help="cloudtrail, csv, ocsf, ocsf1.9, otel or parquet",
    )
    add("--into", action=_Once, type=Path, required=True, metavar="FOLDER", help="folder to write, new or empty")
    _run(parser, "which run (default: the only one)")
    add("--memory", metavar="SIZE", help=_MEMORY)
    formatted(parser)


def verified(parser: argparse.ArgumentParser) -> None:
    """A store."""
    _store(parser)
    formatted(parser)
