"""What `--set` says: a dotted key and a value."""

import tomllib
from collections.abc import Sequence

from sim.audit.refusal import Refusal

_LONGEST_SHOWN = 60


def settings(texts: Sequence[str]) -> dict[str, object]:
    """What all of them set; two that set one key differently are refused."""
    made: dict[str, object] = {}
    for text, (key, value) in zip(texts, map(setting, texts), strict=True):
        if key in made and made[key] != value:
            raise Refusal(_unset(text, f"{key} is set to {made[key]} as well; keep one of them"))
        made[key] = value
    return made


def setting(text: str) -> tuple[str, object]:
    """`key=value`, the value as TOML, or bare words."""
    key, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not value:
        raise Refusal(_unset(text, "write KEY=VALUE"))
    if not value.isprintable():
        raise Refusal(_unset(text, "a value is one line"))
    try:
        return key, tomllib.loads(f"value = {value}")["value"]
    except (ValueError, RecursionError) as error:
        # What begins as a text, list or table was meant as one.
        if value.startswith(('"', "'", "[", "{")):
            reason = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "nested too deeply"
            raise Refusal(_unset(text, f"not TOML: {reason}; a text may stand without quotes")) from error
        return key, value


def widths(texts: Sequence[str]) -> dict[str, float]:
    """`key=percent`, as `--within` says them."""
    made: dict[str, float] = {}
    for text in texts:
        key, _, percent = (part.strip() for part in text.partition("="))
        if key in made:
            raise Refusal(f"--within {text}: {key} is asked for twice; keep one of them")
        try:
            made[key] = float(percent.removesuffix("%"))
        except ValueError:
            raise Refusal(f"--within {text}: write QUANTITY=PERCENT, as in t2=10") from None
    return made


def _unset(text: str, reason: str) -> str:
    """Why a setting cannot be made; a long one is named by its beginning."""
    return f"--set {text if len(text) <= _LONGEST_SHOWN else f'{text[:_LONGEST_SHOWN]}...'}: {reason}"
