"""A call needs an access level on a kind of thing in a project, and touches one; levels.toml says which."""

import re
from pathlib import Path
from typing import Final

from analysis.ingest.fields import hashed, part, parts, text
from analysis.ingest.observed import Atom, Resource
from analysis.ingest.strict import Record
from analysis.ingest.vocabulary import Vocabulary
from sim.audit.rows import UNKNOWN

WORDS: Final = Vocabulary(Path(__file__).with_name("levels.toml"))
_HOST: Final = ".googleapis.com"
# What is called of a cluster is named by its group, its kind of resource and the verb: io.k8s.core.v1.pods.exec.create.
# Groups and versions are names of DNS, no longer than these may be (RFC 1035).
_OF_CLUSTERS: Final = re.compile(r"io\.k8s\.[\w.-]{0,253}?v\d\w{0,61}\.(.+)\.\w+", re.ASCII)
# These say only that something was audited.
_ANYTHING: Final = ("audited_resource", "api", "gce_project")


def service(payload: Record) -> str:
    """The service that was called, without the host that all of them have; the whole platform where it is not told."""
    return (text(payload, "serviceName") or "cloud").removesuffix(_HOST)


def atom(entry: Record, payload: Record, method: str) -> Atom:
    """The atom that a call needs."""
    resource = part(entry, "resource")
    called = ":".join(filter(None, [service(payload), method, _permission_type(payload)]))
    thing = _of_cluster(method) or _kind(resource) or service(payload)
    return WORDS.atom(called, thing, text(part(resource, "labels"), "project_id"))


def resource(payload: Record, needed: Atom) -> Resource | None:
    """What was touched, by its full name, which begins with the service."""
    name = text(payload, "resourceName")
    host = text(payload, "serviceName") or f"cloud{_HOST}"
    return Resource(f"//{host}/{name}", needed.group) if name else None


def arguments(payload: Record) -> int:
    """A hash of what was asked for; UNKNOWN where only its type is told."""
    asked = payload.get("request")
    if isinstance(asked, dict) and not {*asked} - {"@type", "at_sign_type"}:
        return UNKNOWN
    return hashed(asked)


def _of_cluster(method: str) -> str | None:
    """The kind of resource of a cluster."""
    found = _OF_CLUSTERS.fullmatch(method)
    return found[1].replace(".", "/") if found else None


def _kind(resource: Record) -> str | None:
    kind = text(resource, "type")
    return None if kind in _ANYTHING else kind


def _permission_type(payload: Record) -> str | None:
    types = (text(each, "permissionType") for each in parts(payload, "authorizationInfo"))
    return next((each for each in types if each), None)
