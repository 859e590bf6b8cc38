"""An error code says whether the caller's credential was good; which code says what is declared in errors.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from analysis.ingest.outcome import Outcome
from analysis.ingest.patterns import Pattern, any_of
from analysis.ingest.vocabulary import MEANINGS

_MANY: Final = 1 << 14


def answer(code: str | None) -> Outcome:
    """What an error code means; no code is no error."""
    return MEANINGS["let_in"] if code is None else _meaning(code)


@lru_cache(_MANY)
def _meaning(code: str) -> Outcome:
    plain = code.removeprefix("Client.").removeprefix("Server.")
    return MEANINGS[next((name for name, codes in _declared().items() if codes.match(plain)), "let_in")]


@cache
def _declared() -> Mapping[str, Pattern]:
    table = tomllib.loads(Path(__file__).with_name("errors.toml").read_text("utf-8"))
    return {name: any_of(codes) for name, codes in table.items() if name in MEANINGS}
