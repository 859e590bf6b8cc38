"""The command line: the verbs of `import outlive`, one line for what goes wrong, output that programs can read.

Exit codes: 0 done; 1 failed, one line says what to do; 2 wrong usage.
"""

import argparse
import math
import os
import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

import outlive
from analysis.report.table import as_csv, as_json, as_text
from sim.audit.refusal import Refusal

Arguments = argparse.Namespace

_FORMATS = ("table", "json", "csv")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    parsed = _parser().parse_args(arguments)
    try:
        parsed.verb(parsed)
    except Refusal as refusal:
        print(f"outlive: {_one_line(str(refusal))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("outlive: interrupted; what was stored before stays", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except OSError as error:
        trouble = ": ".join(filter(None, [error.filename, error.strerror or str(error)]))
        print(f"outlive: {_one_line(trouble)}", file=sys.stderr)
        return 1
    except Exception as error:
        if "OUTLIVE_DEBUG" in os.environ:
            raise
        trouble = f"{type(error).__name__}: {error}; a defect of outlive, OUTLIVE_DEBUG=1 shows where"
        print(f"outlive: {_one_line(trouble)}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="outlive", description=outlive.__doc__, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"outlive {outlive.__version__}")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for name, verb, build in _VERBS:
        sub = verbs.add_parser(name, help=verb.__doc__, description=verb.__doc__, allow_abbrev=False)
        build(sub)
        sub.set_defaults(verb=verb)
    return parser


def _controls(given: Arguments) -> None:
    """List the bundled control models."""
    _show(outlive.controls(), given.format)


def _scenarios(given: Arguments) -> None:
    """List the bundled scenarios."""
    _show(outlive.scenarios(), given.format)


def _measures(given: Arguments) -> None:
    """List the measures."""
    _show(outlive.measures(), given.format)


def _sources(given: Arguments) -> None:
    """List the audit logs that can be ingested."""
    _show(outlive.sources(), given.format)


def _simulate(given: Arguments) -> None:
    """Simulate a scenario under control models into a store."""
    runs = outlive.simulate(_request(given), given.into, _to_stderr)
    print(f"{len(runs)} runs in {given.into}")


def _compare(given: Arguments) -> None:
    """Simulate, measure and compare control models; the first named is the baseline."""
    result = outlive.compare(_request(given), given.into, given.report, _to_stderr)
    form = {"table": as_text, "json": as_json, "csv": as_csv}[given.format]
    print(form(result))


def _ingest(given: Arguments) -> None:
    """Read real audit exports into a store."""
    done = outlive.ingest(given.paths, given.into, given.source, _to_stderr)
    read = done.files - done.unread
    print(f"{done.kept:,} of {done.records:,} {done.source} records kept, from {read} of {done.files} files")
    print(f"{done.repeated:,} repeated, {done.rejected:,} rejected")
    for note in done.notes:
        print(_one_line(note))


def _measure(given: Arguments) -> None:
    """Measure the runs of a store; simulated ones on the truth, ingested ones on their log."""
    result = outlive.measure(given.store, given.names, given.run, given.evidence)
    _show(result if given.format != "table" else _summary(result), given.format)


def _explain(given: Arguments) -> None:
    """Print a measure's definition: question, unit, assumptions, source, SQL."""
    print(outlive.explain(given.measure))


def _report(given: Arguments) -> None:
    """Write the report of a store as one HTML file."""
    outlive.report(given.store, given.into, given.comparison)
    print(given.into)


def _verify(given: Arguments) -> None:
    """Check the rules that every store must keep."""
    result = outlive.verify(given.store)
    _show(result, given.format)
    broken = int((result["broken"] > 0).sum())
    if broken:
        msg = f"{given.store}: {broken} of {len(result)} rules are broken; simulate or ingest it again"
        raise Refusal(msg)


def _request(given: Arguments) -> outlive.Request:
    return outlive.Request(
        given.scenario, given.control, given.replicates, given.seed, given.processes, dict(map(_setting, given.set))
    )


def _setting(text: str) -> tuple[str, object]:
    """`key=value`, the value as TOML, or a bare word."""
    key, equals, value = text.partition("=")
    if not equals:
        msg = f"--set {text}: write KEY=VALUE"
        raise Refusal(msg)
    try:
        return key.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return key.strip(), value.strip()


def _summary(result: pd.DataFrame) -> pd.DataFrame:
    """Means over replications, a row a part and a column a variant; `lo to hi` where they differ."""
    result = result.assign(control=_headings(result))
    keys = ["measure", "part", "unit", "control"]
    known = result.groupby(keys, sort=False)[["lo", "hi"]]
    # A bound that one replication leaves open is open.
    means = known.mean().where(known.count().eq(known.size(), axis=0))
    words = pd.Series([_bounds(lo, hi) for lo, hi in means.itertuples(index=False)], index=means.index)
    wide = words.unstack("control")  # noqa: PD010 - a pivot table would sort
    return wide[list(dict.fromkeys(result["control"]))].reset_index()


def _headings(result: pd.DataFrame) -> "pd.Series[str]":
    """The control model of each row; with its first run where runs of that name are not replications of each other."""
    names = result["control"].fillna("ingested")
    variants = result.groupby(names)["variant"].transform("nunique")
    first = result.groupby("variant")["run"].transform("min").astype(str)
    return names.where(variants == 1, names + " from run " + first)


def _bounds(lo: float, hi: float) -> str:
    if math.isnan(lo):
        return "not shown" if math.isnan(hi) else f"at most {hi:.4g}"
    if math.isnan(hi):
        return f"at least {lo:.4g}"
    return f"{lo:.4g}" if abs(hi - lo) <= 1e-9 * max(1.0, abs(hi)) else f"{lo:.4g} to {hi:.4g}"


def _show(frame: pd.DataFrame, form: str) -> None:
    if form == "json":
        print(frame.to_json(orient="records", indent=1))
    elif form == "csv":
        print(frame.to_csv(index=False), end="")
    else:
        print(frame.to_string(index=False, na_rep="", justify="left"))


def _one_line(text: str) -> str:
    """The message without line breaks or anything a terminal would obey."""
    return " ".join("".join(c if c.isprintable() or c.isspace() else "?" for c in text).split())


def _to_stderr(message: str) -> None:
    print(f"outlive: {message}", file=sys.stderr, flush=True)


def _formatted(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=_FORMATS, default="table", help="how to print (default: table)")


def _simulated(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("scenario", metavar="SCENARIO", help="a bundled scenario, or the path of a TOML file")
    add(
        "--control", nargs="+", required=True, metavar="NAME", help="control models by name or path; the baseline first"
    )
    add("--into", type=Path, required=True, metavar="F.duckdb", help="store to write; the same runs are replaced")
    add("--replicates", type=int, default=10, metavar="N", help="replications of each (default: 10)")
    add("--seed", type=int, default=1, metavar="S", help="seed of every draw (default: 1)")
    add("--processes", type=int, default=2, metavar="P", help="processes to use (default: 2)")
    add("--set", action="append", default=[], metavar="KEY=VALUE", help="scenario.KEY=... or control.NAME.KEY=...")


def _compared(parser: argparse.ArgumentParser) -> None:
    _simulated(parser)
    _formatted(parser)
    parser.add_argument("--report", type=Path, metavar="F.html", help="write the report too")


def _ingested(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders of exports")
    parser.add_argument("--into", type=Path, required=True, metavar="F.duckdb", help="store to write")
    parser.add_argument("--source", metavar="NAME", help="read everything as this source instead of recognising it")


def _measured(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=Path, metavar="F.duckdb")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="measures by name, or paths of .sql files (default: all)"
    )
    parser.add_argument("--run", type=int, metavar="KEY", help="only this run")
    parser.add_argument("--evidence", choices=("log", "truth"), help="what to measure on")
    _formatted(parser)


def _explained(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("measure", metavar="MEASURE")


def _reported(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=Path, metavar="F.duckdb")
    parser.add_argument("--into", type=Path, required=True, metavar="F.html", help="page to write")
    parser.add_argument("--comparison", metavar="ID", help="which comparison (default: the latest)")


def _verified(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=Path, metavar="F.duckdb")
    _formatted(parser)


_VERBS: tuple[tuple[str, Callable[[Arguments], None], Callable[[argparse.ArgumentParser], None]], ...] = (
    ("controls", _controls, _formatted),
    ("scenarios", _scenarios, _formatted),
    ("measures", _measures, _formatted),
    ("sources", _sources, _formatted),
    ("simulate", _simulate, _simulated),
    ("compare", _compare, _compared),
    ("ingest", _ingest, _ingested),
    ("measure", _measure, _measured),
    ("explain", _explain, _explained),
    ("report", _report, _reported),
    ("verify", _verify, _verified),
)
