"""What `--set` says: a dotted key and a value."""

import tomllib

from sim.audit.refusal import Refusal

_LONGEST_SHOWN = 60


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


def _unset(text: str, reason: str) -> str:
    """Why a setting cannot be made; a long one is named by its beginning."""
    return f"--set {text if len(text) <= _LONGEST_SHOWN else f'{text[:_LONGEST_SHOWN]}...'}: {reason}"
