"""What is declared about calls and what they are worth, as it stands in levels.toml."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def declared() -> dict[str, Any]:
    """The file as it stands."""
    return tomllib.loads(Path(__file__).with_name("levels.toml").read_text("utf-8"))
