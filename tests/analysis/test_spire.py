"""What a line of a log of SPIRE says: which identity was given to whom until when, and who asked."""

import json

import pytest

from analysis.ingest.beginning import recognised
from analysis.ingest.instants import instant
from analysis.ingest.observed import Atom, Party, Resource
from analysis.ingest.reading import Found
from analysis.ingest.spire.source import SOURCE
from analysis.ingest.strict import RecordError
from sim.audit.ids import PrincipalKind
from sim.audit.rows import UNKNOWN, Binding, CredentialKind, Decision, Kind, Reason, Resolution

SECOND = 1_000_000
NOW = instant("2026-03-02T10:00:00Z")
AGENT, TRIAGE = "spiffe://example.org/spire/agent/x/1", "spiffe://example.org/triage"
BATCH = {"service": "svid.v1.SVID", "method": "BatchNewX509SVID", "caller_id": AGENT, "request_id": "r"}
ENTRY = {"entry_id": "e-1", "spiffe_id": TRIAGE}
AUDIT = {"msg": "API accessed", "type": "audit", "status": "success"}


def party(name):
    """A process, an agent of SPIRE or a user of a host."""
    return Party(name, PrincipalKind.SERVICE)


def line(msg="Signed X509 SVID", **fields):
    """A line, and as many more fields as are given."""
    return {"time": "2026-03-02T10:00:00Z", "level": "info", "msg": msg, "subsystem_name": "api", **fields}


def said(*args, **fields):
    """What such a line says."""
    [event] = SOURCE.translate(line(*args, **fields))
    return event


def read(data):
    """What the lines of a text are, or why they are not."""
    return [each.record if isinstance(each, Found) else each.reason for each in SOURCE.records(data)]


def test_a_first_line_that_is_damaged_leaves_the_others():
    """Lines of JSON behind one that is none are read, and lines of text."""
    lines = ['"lev', json.dumps(line()), 'time="2026-03-02T10:00:00Z" level=info msg=x']
    assert [isinstance(each, dict) for each in read("\n".join(lines).encode())] == [False, True, True]


def test_a_signed_svid_is_known_by_its_serial_number():
    """The agent that asked acts, the process that is named holds it until the end that is told, with its key."""
    event = said(**BATCH, **ENTRY, serial_num="7", expiration="2026-03-02T11:00:00Z")
    assert (event.kind, event.principal, event.target) == (Kind.ISSUE, party(AGENT), party(TRIAGE))
    assert (event.issued.name, event.issued.kind) == ("X.509-SVID 7", CredentialKind.SESSION_TOKEN)
    assert event.issued.until == NOW + 3600 * SECOND
    assert (event.issued.resolved, event.issued.binding) == (Resolution.LOOKED_UP, Binding.KEY_EXPORTABLE)
    assert event.resource == Resource("entries/e-1", "SVIDs")


def test_lines_of_one_call_are_one_event():
    """Signing, what was done and the audit have one id; of a batch each entry is an event; what knows more counts."""
    signed, audited = said(**BATCH, **ENTRY, serial_num="7"), said(**AUDIT, **BATCH, **ENTRY, expires_at=NOW // SECOND)
    assert (signed.id, signed.stage) == ("r e-1", 3)
    assert (audited.id, audited.stage, audited.issued.until) == ("r e-1", 1, NOW)
    assert said(**{**BATCH, **ENTRY, "entry_id": "e-2"}).id == "r e-2"
    attest = {"service": "agent.v1.Agent", "method": "AttestAgent", "request_id": "r"}
    three = [
        said(**attest, spiffe_id=AGENT, serial_num="8"),
        said("Agent attestation request completed", **attest, agent_id=AGENT),
        said(**AUDIT, **attest, agent_id=AGENT),
    ]
    assert {each.id for each in three} == {f"r {AGENT}"}
    assert [each.stage for each in three] == [3, 2, 1]
    assert {each.kind for each in three} == {Kind.ISSUE}
    assert {(each.principal, each.target) for each in three} == {(party(AGENT), party(AGENT))}
    assert said(spiffe_id=AGENT).stage is None


def test_a_jwt_svid_is_known_by_its_call():
    """Its end is told, or a ttl; 0 is the default, of which the log does not tell how long it is."""
    new = {**BATCH, "method": "NewJWTSVID", **ENTRY}
    event = said("Server CA successfully signed JWT SVID", **new, expiration="2026-03-02T10:05:00Z")
    assert (event.issued.name, event.issued.binding) == (f"JWT-SVID issued in r {TRIAGE}", Binding.AUDIENCE)
    assert event.issued.until == NOW + 300 * SECOND
    assert [said(**AUDIT, **new, ttl=ttl).issued.until for ttl in (120, "120", 0)] == [NOW + 120 * SECOND] * 2 + [
        UNKNOWN
    ]


def test_a_join_token_is_made():
    """A local user, known by number, makes one; it is a credential until its ttl has passed."""
    event = said(**AUDIT, service="agent.v1.Agent", method="CreateJoinToken", request_id="r", caller_uid="0", ttl="600")
    assert (event.kind, event.principal) == (Kind.ISSUE, party("unix:uid:0"))
    assert (event.issued.name, event.issued.until) == ("join token issued in r", NOW + 600 * SECOND)


@pytest.mark.parametrize(
    ("fields", "decision", "reason", "error"),
    [
        (AUDIT, Decision.ALLOW, None, None),
        ({**AUDIT, "status": "error", "status_code": "PermissionDenied"}, Decision.DENY, Reason.OUT_OF_SCOPE,
         "PermissionDenied"),
        ({**AUDIT, "status": "error", "status_code": 7}, Decision.DENY, Reason.OUT_OF_SCOPE, "PermissionDenied"),
        ({**AUDIT, "status": "error", "status_code": "Unauthenticated"}, Decision.DENY, None, "Unauthenticated"),
        ({**AUDIT, "status": "error", "status_code": "InvalidArgument"}, Decision.ALLOW, None, "InvalidArgument"),
        ({**AUDIT, "status": "error", "status_code": "ResourceExhausted"}, Decision.DENY, Reason.THROTTLED,
         "ResourceExhausted"),
        ({**AUDIT, "status": "error", "status_code": 8}, Decision.DENY, Reason.THROTTLED, "ResourceExhausted"),
        ({**AUDIT, "status": "error", "status_code": "NotFound"}, None, None, "NotFound"),
        ({**AUDIT, "status": "error"}, None, None, "error"),
        ({"msg": "Invalid argument: no CSR", "level": "error"}, Decision.ALLOW, None, "Invalid argument: no CSR"),
        ({"msg": "permission denied", "level": "error"}, Decision.DENY, Reason.OUT_OF_SCOPE, "permission denied"),
        ({"msg": "Failed to sign X509-SVID", "level": "error"}, None, None, "Failed to sign X509-SVID"),
    ],
)  # fmt: skip
def test_answers(fields, decision, reason, error):
    """A status, else an error, says whether the caller was let in; an entry not found may be one it may not use."""
    event = said(**{**BATCH, **ENTRY, **fields})
    assert (event.decision, event.reason, event.error) == (decision, reason, error)
    assert (event.issued is None) == (error is not None)


def test_a_process_asks_who_it_is():
    """The Workload API hands out what the agent has fetched, which issues nothing, or no identity at all."""
    asks = {"service": "WorkloadAPI", "method": "FetchX509SVID", "pid": "1"}
    event = said("Fetched X.509 SVID", **asks, spiffe_id=TRIAGE, ttl="3599.5")
    assert (event.kind, event.principal, event.target, event.decision) == (
        Kind.USE,
        party(TRIAGE),
        None,
        Decision.ALLOW,
    )
    none = said("No identity issued", **asks, level="error")
    assert (none.principal, none.decision, none.operation) == (None, Decision.DENY, "WorkloadAPI/FetchX509SVID")


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("Rotating server SVID", {}),
        ("Entry created", {"entry": "e-1", "spiffe_id": TRIAGE, "subsystem_name": "cache_manager"}),
        ("Node attestation was successful", {"spiffe_id": AGENT}),
        ("Creating X509-SVID", ENTRY),
        ("Renewing agent SVID", {**BATCH, "method": "RenewAgent"}),
        ('time="2026-03-02T10:00:00Z" type=audit', {}),
    ],
)
def test_what_goes_on_within_spire_is_silent(message, fields):
    """Rotations, what an agent has synchronised, intentions, and texts that look like lines tell of no act."""
    assert SOURCE.translate(line(message, **fields)) == ()


@pytest.mark.parametrize(
    ("service", "method", "atom"),
    [
        ("svid.v1.SVID", "MintX509SVID", Atom("SVIDs", "read")),
        ("entry.v1.Entry", "BatchCreateEntry", Atom("entries", "permissions")),
        ("entry.v1.Entry", "ListEntries", Atom("entries", "list")),
        ("entry.v1.Entry", "GetEntry", Atom("entries", "read")),
        ("agent.v1.Agent", "BanAgent", Atom("agents", "permissions")),
        ("agent.v1.Agent", "RenewAgent", Atom("agents", "read")),
        ("bundle.v1.Bundle", "AppendBundle", Atom("trust", "permissions")),
        ("logger.v1.Logger", "SetLogLevel", Atom("logger.v1.Logger", "write")),
    ],
)
def test_atoms_are_declared(service, method, atom):
    """The level is by the method, the group by the service; all that gives identities is of the highest tier."""
    needed = said(**AUDIT, service=service, method=method).atom
    assert (needed, SOURCE.weight(needed).tier) == (atom, 1 if service.startswith("logger") else 3)


def test_an_agent_renews_its_own():
    """Who renews is whom it is about, though the line names only who called."""
    event = said(**AUDIT, service="agent.v1.Agent", method="RenewAgent", caller_id=AGENT, request_id="r")
    assert (event.kind, event.principal, event.target, event.id) == (
        Kind.ISSUE,
        party(AGENT),
        party(AGENT),
        f"r {AGENT}",
    )


TEXT = 'time="2026-03-02T10:00:00Z" level=info msg="API accessed" subsystem_name=api'
UNTIMED = (
    'seconds since the start instead of a time: SPIRE writes so to a terminal; set log_file or log_format = "JSON"'
)
PARSED = {"time": "2026-03-02T10:00:00Z", "level": "info", "msg": "API accessed", "subsystem_name": "api"}


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (TEXT, [PARSED]),
        (f"\ufeff{TEXT}\r\n\n{TEXT} a.b-c=1", [PARSED, {**PARSED, "a.b-c": "1"}]),
        (f"spire-server-1  | {TEXT}", [PARSED]),
        (f"2026-03-02T10:00:00.5Z stdout F {TEXT}", [PARSED]),
        (TEXT.replace("API accessed", r"a \"b\" \x41 c=d \\"), [{**PARSED, "msg": 'a "b" A c=d \\'}]),
        (TEXT + " empty= last=x", [{**PARSED, "empty": "", "last": "x"}]),
        (json.dumps(PARSED), [PARSED]),
        (json.dumps([PARSED]), [PARSED]),
        (json.dumps({"log": TEXT + "\n"}), [PARSED]),
        (json.dumps({"message": json.dumps(PARSED)}), [PARSED]),
        (TEXT[:50], ["not key=value at character 39: the line is cut off or damaged"]),
        (TEXT + " level=debug", ["the key 'level' stands twice in one line"]),
        ("INFO[0061] Signed X509 SVID   spiffe_id=x", [UNTIMED]),
        ("plain words", ['no line of logrus: begin it with time="..." level=... msg="...", or write JSON']),
    ],
)  # fmt: skip
def test_lines_are_text_or_json(data, found):
    """Text, JSON, and either behind or within what collectors add; what is broken is refused for just that."""
    assert read(data.encode()) == found


def test_bytes_that_are_no_text_are_refused():
    """A line that is no UTF-8 is refused, and costs no other."""
    assert read(TEXT.encode() + b"\n" + TEXT.encode() + b" a=\xff\n") == [PARSED, "not UTF-8"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"time": None}, "no time"), ({"time": "noon"}, "time is no time: 'noon'")],
)
def test_what_cannot_be_understood_is_refused(fields, reason):
    """A line without a time is refused for just that."""
    with pytest.raises(RecordError) as refused:
        SOURCE.translate({**line(), **fields})
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("sample", "known"),
    [
        (f"{TEXT} spiffe_id={TRIAGE}", True),
        (f"DEBU[0061] Signed X509 SVID   spiffe_id={TRIAGE} subsystem_name=api", True),
        (json.dumps({**PARSED, "spiffe_id": TRIAGE}), True),
        (json.dumps({"log": f"{TEXT} spiffe_id={TRIAGE}", "stream": "stdout"}), True),
        (TEXT, False),
        (json.dumps(PARSED), False),
        ('time="2026-03-02T10:00:00Z" level=info msg="of another program" spiffe_id=x', False),
        (json.dumps({"note": f"{TEXT} spiffe_id={TRIAGE}"}), False),
        ("", False),
    ],
)
def test_lines_are_told_by_what_they_name(sample, known):
    """Lines of logrus are SPIRE's if they name a subsystem and an identity, an entry or a trust domain."""
    assert bool(recognised(sample.encode(), {"it": SOURCE})) is known
