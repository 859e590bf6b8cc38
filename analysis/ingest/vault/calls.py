"""A request to Vault needs an access level on a kind of path in one mount; levels.toml says which, by type and path."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.ingest.fields import hashed, part, text
from analysis.ingest.levels import Levels
from analysis.ingest.observed import WITHIN, Atom, Resource
from analysis.ingest.strict import Record

LEVELS: Final = Levels(Path(__file__).with_name("levels.toml"))
_AUTH: Final = "auth/"
# Of these there is one in each namespace, always mounted at the same place; older versions do not log types.
_FIXED: Final = {"sys/": "system", "identity/": "identity", "cubbyhole/": "cubbyhole", "auth/token/": "token"}
# A path may hold anything, so that of a type that is not logged only this is said.
_ENGINE: Final = "engine"


@dataclass(frozen=True, slots=True)
class Call:
    """What a request is about: the mount that it goes to, that one's type, and the path below."""

    verb: str
    namespace: str
    mount: str
    kind: str | None
    below: str

    @property
    def thing(self) -> str:
        """As levels.toml writes it."""
        return f"{_AUTH if self.mount.startswith(_AUTH) else ''}{self.kind or ''}:{self.below}"

    @property
    def operation(self) -> str:
        """The operation and the kind of path; not the path, which is a name."""
        return f"{self.verb} {self._kind}"

    @property
    def logs_in(self) -> bool:
        """Whether somebody logs in by it."""
        return self._kind == "logins"

    @property
    def atom(self) -> Atom:
        """What it needs."""
        return Atom(self._group, LEVELS.level(f"{self.verb} {self.thing}"))

    @property
    def touched(self) -> Resource:
        """What it touches."""
        return Resource(f"{self.namespace}{self.mount}{self.below}", self._group)

    @property
    def _kind(self) -> str:
        found = LEVELS.group(self.thing)
        return found if found != self.thing else self.kind or _ENGINE

    @property
    def _group(self) -> str:
        place = self.namespace + ("" if self.mount in _FIXED else self.mount)
        return self._kind + (f"{WITHIN}{place}" if place else "")


def call(request: Record, verb: str, path: str) -> Call:
    """Read from a request what it is about."""
    mount = text(request, "mount_point") or _mount(path)
    below = path.removeprefix(mount) if path.startswith(mount) else path
    kind = _FIXED.get(mount) or text(request, "mount_type")
    return Call(verb, text(part(request, "namespace"), "path") or "", mount, kind, below)


def arguments(request: Record, path: str) -> int:
    """A hash of path and data, 63 bits, in which texts are hashes themselves."""
    return hashed([path, request.get("data")])


def _mount(path: str) -> str:
    """Where the path is mounted, as far as its beginning tells: at its first part, or of an auth method at two."""
    parts = path.split("/")
    return "/".join(parts[: 2 if path.startswith(_AUTH) else 1]) + "/"
