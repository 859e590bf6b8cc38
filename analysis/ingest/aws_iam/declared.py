"""What is assumed of a snapshot, as it stands in assumed.toml."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from analysis.ingest.patterns import Pattern, any_of


@cache
def unchanging() -> Pattern:
    """Calls after which everybody holds what they held before."""
    return any_of(declared()["changes"]["none"])


@cache
def declared() -> dict[str, Any]:
    """The file as it stands."""
    return tomllib.loads(Path(__file__).with_name("assumed.toml").read_text("utf-8"))
