"""Why mutants survive: `explanations.toml`, where each reason stands with the mutants that it is of.

A mutant is named by its file, its place and its change. Once one of these is another, the explanation fits no survivor
and is to be taken out; so is that of a mutant that some test has come to notice.
"""

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Final

_PATH: Final = Path(__file__).parent / "explanations.toml"


def reasons() -> dict[str, str]:
    """Why each explained mutant survives, by its key.

    Raises:
        ValueError: a mutant is explained twice.
    """
    found: dict[str, str] = {}
    for reason in tomllib.loads(_PATH.read_text("utf-8"))["reason"]:
        for key in reason["mutants"]:
            if key in found:
                msg = f"explained twice: {key}"
                raise ValueError(msg)
            found[key] = " ".join(reason["why"].split())
    return found


def stale(survivors: Collection[str], files: Collection[str]) -> list[str]:
    """Explanations of mutants of some files that are not among the survivors."""
    return [key for key in reasons() if key.partition(" ")[0] in files and key not in survivors]
