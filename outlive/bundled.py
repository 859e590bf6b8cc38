"""Where bundled scenarios, control models and platforms lie: beside the package in a wheel, in `data/` in a clone."""

from pathlib import Path
from typing import Literal

from sim.audit.refusal import Refusal, meant

Folder = Literal["scenarios", "controls", "platforms"]

_HERE = Path(__file__).parent


class NotBundled(Refusal):
    """A name that stands for nothing bundled; the message lists those that do."""


def root() -> Path:
    """The folder that holds everything bundled."""
    installed = _HERE / "bundled_data"
    return installed if installed.is_dir() else _HERE.parent / "data"


def policy_folder() -> Path:
    """The folder of the bundled policies, and of the schema that says what they may ask about."""
    return root() / "policies"


def bundled(folder: Folder) -> tuple[Path, ...]:
    """Every bundled file of a kind, by name."""
    return tuple(sorted((root() / folder).glob("*.toml")))


def find(folder: Folder, name: str) -> Path:
    """A bundled file by its stem, or the user's own by its path (anything with a slash or `.toml`).

    Raises:
        NotBundled: there is no such name.
    """
    if name.endswith(".toml") or "/" in name:
        return Path(name)
    path = root() / folder / f"{name}.toml"
    if not path.is_file():
        known = [found.stem for found in bundled(folder)]
        named, rest = f"no {folder.removesuffix('s')} {name!r}", f"bundled are {', '.join(known)}"
        raise NotBundled(f"{named}; {meant(name, known)}{rest}, or give the path of a TOML file")
    return path
