"""Closed lists of words that engines write as numbers: each class repeats the order of an ENUM of schema.sql.

A test holds the two together. Words are added at the end: their numbers are in what was written.
"""

from enum import IntEnum


class Kind(IntEnum):
    """What an event says happened."""

    ISSUE = 0
    RENEW = 1
    REVOKE = 2
    USE = 3
    DECIDE = 4
    REQUEST_APPROVAL = 5
    DECIDE_APPROVAL = 6
    ASSUME = 7
    SPAWN = 8
    TASK_START = 9
    TASK_END = 10
    CHANGE_OWNER = 11
    REVIEW = 12
    LOG_GAP = 13
    ESCALATE = 14


class Decision(IntEnum):
    """How a request was answered."""

    ALLOW = 0
    DENY = 1


class Reason(IntEnum):
    """Why an event happened; the first six are also why an acceptance ended (`end_reason`)."""

    TASK_END = 0
    ACTION_END = 1
    OFFBOARDING = 2
    INCIDENT = 3
    RENEWAL = 4
    DELETED = 5
    POLICY = 6
    APPROVER = 7
    TIMEOUT = 8
    EXPIRED = 9
    REVOKED = 10
    OUT_OF_SCOPE = 11
    COMPLETED = 12
    BROKEN = 13
    CHANGED = 14
    OUTAGE = 15
    BINDING = 16
    PARENT_ENDED = 17
    THROTTLED = 18


class Asked(IntEnum):
    """Through whom a request for approval goes."""

    DESK = 0
    OWNER = 1
    ON_CALL = 2
    TICKET = 3
    SECOND = 4
    TEAM = 5


class CredentialKind(IntEnum):
    """What a credential is."""

    STATIC_KEY = 0
    SESSION_TOKEN = 1
    TASK_TOKEN = 2
    ACTION_TOKEN = 3
    ACCESS_KEY = 4
    UNKNOWN = 5
    BREAK_GLASS = 6


class Binding(IntEnum):
    """What ties a credential to its holder (RFC 9700, RFC 8705, RFC 9449)."""

    BEARER = 0
    AUDIENCE = 1
    KEY_EXPORTABLE = 2
    KEY_BOUND = 3
    CONTEXT_BOUND = 4
    UNKNOWN = 5


class Resolution(IntEnum):
    """When it is settled what a credential opens: at its issue, at each use, or what both say."""

    BAKED = 0
    LOOKED_UP = 1
    BOTH = 2
    UNKNOWN = 3


class Gate(IntEnum):
    """What stands between a request for authority and its grant; of what nobody can ask for, only the issuer itself."""

    NONE = 0
    RULE = 1
    CLASSIFIER = 2
    HUMAN = 3
    ISSUER = 4


class Cascade(IntEnum):
    """Whether a credential that is cut from another ends with it."""

    NONE = 0
    ON_REVOKE = 1
    ON_EXPIRE = 2


class Outcome(IntEnum):
    """What became of a task."""

    COMPLETED = 0
    BROKEN = 1
    OPEN = 2


class State(IntEnum):
    """How a principal has what it was given."""

    ACTIVE = 0
    ELIGIBLE = 1


class Threat(IntEnum):
    """Which compromise struck."""

    T1A = 0
    T1B = 1
    T1C = 2
    T2 = 3
    T3 = 4
    T4 = 5
    T5 = 6


class Bootstrap(IntEnum):
    """What proves to the issuer who asks."""

    NONE = 0
    STATIC_SECRET = 1
    ATTESTED = 2


class Place(IntEnum):
    """Where credentials lie; the kinds of `fact.place` in the order of their identifiers."""

    PROCESS = 0
    HOST = 1
    LOG = 2
    MEMORY = 3
    REPOSITORY = 4
    ISSUER = 5
    CHAT = 6
