"""Names are written by strangers: what is not seen is written out, what is too long cut, what could run quoted."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import takewhile
from typing import Final

# Controls, formats (which reorder text or hide in it), lone surrogates, private use, line and paragraph separators.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# The ordinary signs that begin a formula, and their full-width forms.
_BEGINS_FORMULA: Final = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
_LONGEST: Final = 40
_NAMED: Final = {
    "restricted_mean": "restricted mean survival time",
    "t1a": "T1a (token copied without its key)",
    "t1b": "T1b (token and key stolen)",
    "t1c": "T1c (process made to sign)",
    "t2": "T2 (agent hijacked)",
    "t3": "T3 (log read later)",
    "t4": "T4 (parent hijacked)",
    "t5": "T5 (issuer taken)",
    "t5_bootstrap": "T5 (bootstrap secret taken)",
}
# What a row of a measure tells of its quantity; of a percentage its unit says so.
_STATISTIC: Final = re.compile(r"(?:(.+)_)?(p50|p95|p99|mean|most|max|cvar95)|(.+)_percent")
_STATISTICS: Final = {"p50": "median", "most": "greatest", "max": "greatest", "cvar95": "worst 5 %"}
_UNUSUAL: Final = re.compile(r"[^ -~]")
_ONE_BYTE: Final = 0xFF


def visible(text: str, keep: str = "") -> str:
    """The text with every character that shows nothing, or moves others, written as its escape.

    Args:
        keep: characters left as they are all the same, such as line ends in a listing.
    """
    return _UNUSUAL.sub(lambda match: match[0] if match[0] in keep else _shown(match), text)


def shortened(text: str, longest: int = _LONGEST) -> str:
    """The text if it has at most so many characters, else its beginning and end around an ellipsis."""
    seen = visible(text)
    if len(seen) <= longest:
        return seen
    tail = longest // 3
    return f"{seen[: longest - tail - 1]}…{seen[-tail:]}"


def apart(names: Iterable[str], longest: int) -> dict[str, str]:
    """Names shortened; what several have in common gives way first, where they would look alike without its end."""
    found = {name: shortened(name, longest) for name in names}
    for cut in {*found.values()}:
        alike = [name for name in found if found[name] == cut]
        if len(alike) > 1:
            same = sum(1 for _ in takewhile(lambda each: len({*each}) == 1, zip(*alike, strict=False)))
            ends = apart([name[same:] for name in alike], longest // 2)
            room = max(longest - 1 - max(map(len, ends.values())), 0)
            found |= {name: f"{visible(name[: min(room, same)])}…{ends[name[same:]]}" for name in alike}
    return found


def inert(text: str) -> str:
    """The text as a spreadsheet cell that is never taken for a formula (OWASP: CSV injection)."""
    seen = visible(text)
    return f"'{seen}" if seen.lstrip().startswith(_BEGINS_FORMULA) else seen


def spoken(words: str) -> str:
    """A name of a column, knob or measure as words."""
    return words.replace("_", " ")


def titled(part: str) -> str:
    """A row of a measure as words: what it is called, or its quantity and which statistic of it."""
    found = None if part in _NAMED else _STATISTIC.fullmatch(part)
    if found is None:
        return _NAMED.get(part, spoken(part))
    quantity, statistic, share = found.groups()
    told = _STATISTICS.get(statistic, statistic)
    return spoken(share) if share else f"{spoken(quantity)} ({told})" if quantity else told


def listed(names: list[str], last: str = "and") -> str:
    """Names as they stand in a sentence: a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def counted(number: int, one: str, many: str = "") -> str:
    """So many of something, in the singular or the plural."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _shown(match: re.Match[str]) -> str:
    character = match[0]
    if unicodedata.category(character) not in _UNSEEN:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code <= _ONE_BYTE else f"\\u{code:04x}"
