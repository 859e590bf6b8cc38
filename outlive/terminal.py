"""What is written to the terminal: words, what went wrong in one line, and nothing that a terminal would obey."""

import io
import os
import sys

from sim.audit.refusal import Refusal


def speak() -> None:
    """What a terminal cannot show is written as its escape, and stops nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def fall_silent() -> None:
    """Where nobody reads on, nothing more is written, and Python says nothing of it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str) -> None:
    """Print words; what a terminal would obey is shown instead."""
    from analysis.report.legible import visible  # noqa: PLC0415 - loaded when first needed, as in verbs.py

    put(visible(text, keep="\n\t"))


def put(text: str) -> None:
    """Write what a program may read, to the last byte or not at all.

    Raises:
        Refusal: there is no room for it.
    """
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        fall_silent()
        raise Refusal(f"standard output: {error.strerror}; write to a disk with room") from error


def one_line(text: str) -> str:
    """The message without line breaks or anything a terminal would obey."""
    return " ".join("".join(c if c.isprintable() or c.isspace() else "?" for c in text).split())


def warn(message: str) -> None:
    """Say in one line, beside the output, how far it is or what went wrong."""
    # In one piece: without a buffer `print` writes the line's end by itself, and an interrupt may come in between.
    sys.stderr.write(f"outlive: {one_line(message)}\n")
    sys.stderr.flush()
