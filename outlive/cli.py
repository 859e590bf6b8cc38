"""The command line: the verbs of `import outlive`, one line for what goes wrong, output that programs can read.

Exit codes: 0 done; 1 failed, one line says what to do; 2 wrong usage.
"""

import argparse
import os
from collections.abc import Sequence
from functools import partial
from importlib import import_module

import outlive
from outlive.endings import INTERRUPTED, interrupt, leave, on_signal
from outlive.terminal import fall_silent, speak, warn
from outlive.verbs import VERBS, Arguments
from sim.audit.refusal import Refusal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    speak()
    asked: list[float] = []
    with on_signal(partial(interrupt, asked)):
        try:
            given = _begun(arguments)
            given.asked = asked
            given.verb(given)
        except BrokenPipeError:
            fall_silent()
            return 1
        except (Exception, KeyboardInterrupt) as error:
            # A query that is interrupted fails in DuckDB's own way.
            trouble = INTERRUPTED if asked else _trouble(error)
            if trouble is None and "OUTLIVE_DEBUG" in os.environ:
                raise
            warn(trouble or f"{type(error).__name__}: {error}; a defect of outlive, OUTLIVE_DEBUG=1 shows where")
            return 1
    return 0


def _begun(arguments: Sequence[str] | None) -> Arguments:
    """What was asked for, and what verbs need loaded."""
    with on_signal(leave):
        given = _parsed(arguments)
        for place in sorted({*outlive.PLACES.values(), "evidence"}):
            import_module(f"outlive.{place}")
    return given


def _trouble(error: BaseException) -> str | None:
    """What a user is told; None for what should not happen."""
    match error:
        case Refusal():
            return str(error)
        case KeyboardInterrupt():
            return INTERRUPTED
        case MemoryError():
            return "memory is used up; close what else takes it, or ask for less at once"
        case OSError():
            return ": ".join(str(part) for part in (error.filename, error.strerror or error) if part)
    return None


def _parsed(arguments: Sequence[str] | None) -> Arguments:
    """What was asked for; names that a verb lists may also come after its options."""
    parser = _parser()
    given, late = parser.parse_known_args(arguments)
    if late and (given.listed is None or any(word.startswith("-") for word in late)):
        parser.error(f"unrecognized arguments: {' '.join(late)}")
    if late:
        getattr(given, given.listed).extend(late)
    return given


def _parser() -> argparse.ArgumentParser:
    said = (outlive.__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="outlive", description=said, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"outlive {outlive.__version__}")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for name, verb, build in VERBS:
        sub = verbs.add_parser(name, help=verb.__doc__, description=verb.__doc__, allow_abbrev=False)
        sub.set_defaults(verb=verb, listed=None)
        build(sub)
    return parser
