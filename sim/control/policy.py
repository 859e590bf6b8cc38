"""Policy as code: Cedar text, read and validated against the schema of what a policy may ask about.

Trouble is one line that names the file, the line and what is wrong there. What comes of a policy says `judge`.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.toml import DeclarationError

SCHEMA: Final = "outlive.cedarschema"
SUFFIX: Final = ".cedar"

_ID_BITS: Final = 63
# Cedar's own reader overflows the stack, and ends the process, somewhere above 500 of these in one statement.
_NESTING: Final = re.compile(r"[(\[{.+*<>-]|&&|\|\||==|!=|\b(?:if|in|is|has|like)\b")
_MOST_NESTING: Final = 400
# A comment, a text, the end of a statement, or anything else.
_TOKEN: Final = re.compile(r'//[^\n]*|"(?:\\.|[^"\\])*"|;|[^;"/]+|/|"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy: its name, its text, and the hash of what it says (BLAKE2; comments and layout do not matter)."""

    name: str
    text: str
    hash: str

    @property
    def id(self) -> int:
        """The first 63 bits of the hash: what each decision is logged with."""
        return int(self.hash[:16], 16) >> (64 - _ID_BITS)


@dataclass(frozen=True, slots=True)
class Statement:
    """One permit or forbid of a text, and the line it begins on, from 1."""

    text: str
    line: int

    def line_of(self, word: str) -> int:
        """The line on which a word first stands, outside comments; its own first line where it does not."""
        code = re.sub(r"//[^\n]*", "", self.text)
        found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", code) if word else None
        return self.line + (code.count("\n", 0, found.start()) if found else 0)


def find(name: str, beside: Path, bundled: Path) -> Path:
    """The file of a policy: a bundled one by its stem, or the user's own by its path, from `beside` or from here.

    Raises:
        DeclarationError: there is no such bundled policy.
    """
    if name.endswith(SUFFIX) or "/" in name:
        return beside / name if (beside / name).is_file() else Path(name)
    path = bundled / f"{name}{SUFFIX}"
    if not path.is_file():
        known = ", ".join(sorted(each.stem for each in bundled.glob(f"*{SUFFIX}")))
        msg = f'no policy {name!r}; bundled are {known}, or give the path of a {SUFFIX} file, or "none"'
        raise DeclarationError(msg)
    return path


def read(path: Path, bundled: Path) -> Policy:
    """A policy from its file, valid for the schema that lies in the bundled folder.

    Raises:
        DeclarationError: it cannot be read, is no Cedar, or asks about what does not exist; with file and line.
    """
    return written(path.stem, _text(path), _text(bundled / SCHEMA), str(path))


def written(name: str, text: str, schema: str, where: str) -> Policy:
    """A policy from its text; `where` is what trouble is said to be in.

    Raises:
        DeclarationError: see `read`.
    """
    import cedarpy  # noqa: PLC0415 - loaded only where a policy is in force

    parts = list(statements(text))
    _demand_cedar(parts, where)
    found = cedarpy.validate_policies(text, schema)
    if not found.validation_passed:
        raise DeclarationError(_trouble([(each.policy_id, each.error) for each in found.errors], parts, where))
    _demand_known(parts, where)
    said = json.dumps(json.loads(cedarpy.policies_to_json_str(text)), sort_keys=True)
    return Policy(name, text, hashlib.blake2b(said.encode(), digest_size=16).hexdigest())


def statements(text: str) -> Iterator[Statement]:
    """The statements of a text, each from its first sign that is no comment; an unfinished last one too."""
    begun, start = "", 0
    for token in _TOKEN.finditer(text):
        word = token.group()
        if not begun and (word.startswith("//") or word.isspace()):
            continue
        start = start if begun else token.start() + len(word) - len(word.lstrip())
        begun += word if begun else word.lstrip()
        if word == ";":
            yield Statement(begun, 1 + text.count("\n", 0, start))
            begun = ""
    if begun:
        yield Statement(begun, 1 + text.count("\n", 0, start))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        msg = f"{path}: {error.strerror}; name a bundled policy or the path of a {SUFFIX} file"
        raise DeclarationError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: not UTF-8 at byte {error.start:,}; save it as UTF-8"
        raise DeclarationError(msg) from error


def _demand_cedar(parts: list[Statement], where: str) -> None:
    """Refuse what Cedar cannot read, which tells no line: statement by statement, at the word it stumbles over."""
    import cedarpy  # noqa: PLC0415 - see above

    if not parts:
        msg = f"{where}:1: no statement in it, so nothing is permitted; write `permit (principal, action, resource);`"
        raise DeclarationError(msg)
    for part in parts:
        _demand_modest(part, where)
        try:
            templates = cedarpy.policies_to_pst(part.text).templates
        except ValueError as error:
            words = re.findall(r"`([^`]+)`|: (\w+)$", str(error))
            line = part.line_of(next(filter(None, words[0]), "") if words else "")
            msg = f"{where}:{line}: not Cedar: {' '.join(str(error).split())}"
            raise DeclarationError(msg) from error
        if templates:
            msg = f"{where}:{part.line}: a template, of which nobody fills the slots; name who and what is meant"
            raise DeclarationError(msg)


def _demand_modest(part: Statement, where: str) -> None:
    """Refuse a statement that is too long for Cedar to read in one go."""
    signs = sum(len(_NESTING.findall(word)) for word in _TOKEN.findall(part.text) if not word.startswith(('"', "//")))
    if signs > _MOST_NESTING:
        msg = (
            f"{where}:{part.line}: {signs:,} operators and brackets in one statement, {_MOST_NESTING} at most; "
            "write several statements"
        )
        raise DeclarationError(msg)


def _demand_known(parts: list[Statement], where: str) -> None:
    """Refuse what the equivalence classes of a policy cannot be read from."""
    from sim.control.classes import features  # noqa: PLC0415 - see above

    for part in parts:
        try:
            features(part.text)
        except ValueError as error:
            msg = f"{where}:{part.line}: {' '.join(str(error).split())}"
            raise DeclarationError(msg) from error


def _trouble(errors: list[tuple[str, str]], parts: list[Statement], where: str) -> str:
    """The first error in one line, with the number of other lines that are wrong."""
    told: dict[int, str] = {}
    for policy, error in errors:
        part = parts[int(policy.removeprefix("policy") or 0)]
        reason = re.sub(r"^for policy `[^`]*`, ", "", error)
        reason = re.sub(r'in context for Action::"\w+" not found', "not found in context", reason)
        named = re.search(r"`(\w+)`", reason)
        told.setdefault(part.line_of(named.group(1) if named else ""), " ".join(reason.split()))
    line = min(told)
    more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
    return f"{where}:{line}: {told[line]}; {SCHEMA} says what a policy may ask about{more}"
