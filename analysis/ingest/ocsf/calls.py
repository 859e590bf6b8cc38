"""An event needs an access level on a group of resources, and touches one; levels.toml says which."""

from pathlib import Path
from typing import Final

from analysis.ingest.fields import first_text, hashed, part, text
from analysis.ingest.observed import Atom, Resource
from analysis.ingest.ocsf.moments import whole
from analysis.ingest.strict import BROKEN, Record, decoded_within
from analysis.ingest.vocabulary import Vocabulary

AUTHENTICATION: Final = 3002
AUTHORIZE_SESSION: Final = 3003
ROLE_MANAGEMENT: Final = 3008

WORDS: Final = Vocabulary(Path(__file__).with_name("levels.toml"))
_MANAGED_ENTITY: Final = 3004
_OF_IDENTITIES: Final = 3


def operation(record: Record, class_uid: int) -> str:
    """What was done, in the producer's own word, else in OCSF's."""
    said = text(part(record, "api"), "operation") or text(record, "activity_name")
    number = f"{class_uid}:{whole(record, 'activity_id')}"
    return said or WORDS.declared["activities"].get(number) or text(record, "type_name") or number


def atom(record: Record, class_uid: int) -> Atom:
    """The atom that it needs."""
    call = f"{class_uid}:{whole(record, 'activity_id')}:{operation(record, class_uid)}"
    return WORDS.atom(call, *_thing(record, class_uid))


def resource(record: Record, needed: Atom) -> Resource | None:
    """What was touched: the first resource listed, else the one thing that the class is about."""
    _, thing = _touched(record)
    name = first_text(thing, "uid", "name", "path", "url_string")
    return Resource(name, needed.group) if name else None


def arguments(record: Record) -> int:
    """A hash of what was asked for, also where that is written as text; UNKNOWN where it is not told."""
    return hashed(_data(record, "request") or None)


def body(record: Record, name: str) -> Record:
    """The object that was asked with (`request`) or answered (`response`); empty where there is none."""
    data = _data(record, name)
    return data if isinstance(data, dict) else {}


def service(record: Record) -> str | None:
    """The service that was called."""
    return text(part(part(record, "api"), "service"), "name")


def is_of_identities(class_uid: int) -> bool:
    """Whether a class is about somebody: the numbers of classes begin with that of their category."""
    return category(class_uid) == _OF_IDENTITIES


def category(class_uid: int) -> int:
    """The category of a class, which an extension of the schema has its own number before."""
    return class_uid // 1000 % 100


def _thing(record: Record, class_uid: int) -> tuple[str, str | None]:
    """What is touched: what the class is about; else the service called; else a kind of thing in a product."""
    if is_of_identities(class_uid) and class_uid != _MANAGED_ENTITY:
        return f"class {class_uid}", None
    if called := service(record):
        return called, None
    kind, touched = _touched(record)
    product = text(part(part(record, "metadata"), "product"), "name")
    thing = text(touched, "type") or kind
    return (thing, product) if thing else (product or f"class {class_uid}", None)


def _touched(record: Record) -> tuple[str | None, Record]:
    """The first thing that was touched, and the name under which it lies."""
    for name in WORDS.declared["resources"]["places"]:
        value = record.get(name)
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, dict) and first:
            return name.removesuffix("s"), first
    return None, {}


def _data(record: Record, name: str) -> object:
    data = part(part(record, "api"), name).get("data")
    if not isinstance(data, str):
        return data
    try:
        return decoded_within(data)
    except BROKEN:
        return data
