"""What one entry of Vault says: who asked, under which token, how it was answered, what it gave, extended or ended."""

import json

import pytest

from analysis.ingest.beginning import recognised
from analysis.ingest.instants import instant
from analysis.ingest.observed import Party, Resource
from analysis.ingest.strict import RecordError
from analysis.ingest.vault.source import SOURCE
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, UNKNOWN, CredentialKind, Decision, Kind, Reason, Resolution

TIME = "2026-03-02T10:05:00.000000123Z"
NOW = instant(TIME)
SECOND = 1_000_000
OWN = {"accessor": "hmac-a", "client_token": "hmac-t", "display_name": "approle", "entity_id": "entity-1"}
KNOWN = {**OWN, "token_type": "service", "token_ttl": 600, "token_issue_time": "2026-03-02T10:00:00Z"}
GIVEN = {"accessor": "hmac-b", "display_name": "token", "token_type": "service", "token_ttl": 900}


def entry(path="secret/data/x", operation="update", auth=None, mount=None, kind=None, **fields):
    """A response, and as many more fields as are given."""
    auth = KNOWN if auth is None else auth
    request = {"id": "r-1", "operation": operation, "path": path, "mount_point": mount, "mount_type": kind}
    shown = {"client_token": auth.get("client_token"), "client_token_accessor": auth.get("accessor")}
    more = fields.pop("request", {})
    return {"time": TIME, "type": "response", "auth": auth, "request": {**request, **shown, **more}, **fields}


def said(*args, **fields):
    """What such an entry says first."""
    return SOURCE.translate(entry(*args, **fields))[0]


def gave(path, response, mount="auth/token/", kind="token", **fields):
    """What a request to a path of an auth method gave."""
    return said(path, mount=mount, kind=kind, response=response, **fields)


@pytest.mark.parametrize(
    ("path", "data", "kind"),
    [
        ("auth/token/create", None, Kind.ASSUME),
        ("auth/token/create", {"no_parent": False}, Kind.ASSUME),
        ("auth/token/create", {"no_parent": True}, Kind.ISSUE),
        ("auth/token/create-orphan", None, Kind.ISSUE),
        ("auth/token/create/some-role", None, Kind.ISSUE),
    ],
)
def test_a_child_is_cut_from_a_token_and_an_orphan_is_not(path, data, kind):
    """A token that ends with the caller's is cut from it; one that does not, or may not, stands by itself."""
    event = gave(path, {"auth": GIVEN}, request={"data": data})
    assert (event.kind, event.credential.name, event.issued.name) == (kind, "hmac-a", "hmac-b")
    assert (event.issued.until, event.issued.resolved) == (NOW + 900 * SECOND, Resolution.LOOKED_UP)
    assert event.target == Party("token (no entity)", PrincipalKind.SERVICE)


@pytest.mark.parametrize("path", ["auth/token/renew-self", "auth/token/renew", "auth/token/renew-accessor"])
def test_a_token_is_renewed(path):
    """A renewal says until when the token now lives, and the token that asked is the one that lives longer."""
    event = gave(path, {"auth": {**OWN, "token_ttl": 60}})
    assert (event.kind, event.issued.name, event.issued.until) == (Kind.RENEW, "hmac-a", NOW + 60 * SECOND)
    assert event.credential.name == "hmac-a"


@pytest.mark.parametrize(
    ("kind", "metadata", "party"),
    [
        ("approle", {"role_name": "triage"}, Party("entity-1", PrincipalKind.SERVICE, "auth/x/role/triage")),
        ("kubernetes", {"role": "broker"}, Party("entity-1", PrincipalKind.SERVICE, "auth/x/role/broker")),
        ("github", {"username": "someone"}, Party("entity-1", PrincipalKind.HUMAN)),
        (None, None, Party("entity-1", PrincipalKind.SERVICE)),
    ],
)
def test_a_login_gives_a_token(kind, metadata, party):
    """A login comes with no token, though its response shows the one given; how it was made tells who it may be."""
    auth = {**OWN, "metadata": metadata, "token_ttl": 600}
    nothing = {"client_token": None, "client_token_accessor": None}
    event = said("auth/x/login", auth=auth, mount="auth/x/", kind=kind, request=nothing, response={"auth": auth})
    assert (event.kind, event.credential, event.issued.name) == (Kind.ISSUE, None, "hmac-a")
    assert (event.target, event.principal.name) == (party, "entity-1")
    assert event.issued.until == NOW + 600 * SECOND


def test_a_token_without_a_stated_life_ends_nobody_knows_when():
    """Older versions do not log for how long a token is given."""
    assert gave("auth/token/create", {"auth": {"accessor": "hmac-b"}}).issued.until == UNKNOWN


def test_a_secret_id_is_handed_out_and_logged_in_with():
    """It is known by its hash where it is given and where it is used; of no time to live is for good."""
    path, mount = "auth/approle/role/triage/secret-id", "auth/approle/"
    data = {"secret_id": "hmac-s", "secret_id_ttl": 300}
    event = gave(path, {"data": data}, mount, "approle")
    assert (event.kind, event.issued.name, event.issued.until) == (Kind.ISSUE, "hmac-s", NOW + 300 * SECOND)
    assert event.target == Party("auth/approle/role/triage", PrincipalKind.ROLE)
    endless = gave(path, {"data": {**data, "secret_id_ttl": 0}}, mount, "approle").issued
    assert (endless.kind, endless.until) == (CredentialKind.STATIC_KEY, FOREVER)
    assert gave(path, {"data": {"secret_id": "hmac-s"}}, mount, "approle").issued.until == UNKNOWN
    used = said("auth/approle/login", auth={}, request={"data": {"secret_id": "hmac-s"}})
    assert (used.credential.name, used.credential.kind) == ("hmac-s", CredentialKind.UNKNOWN)
    assert said("secret/data/x", auth={}, request={"data": {"secret_id": "hmac-s"}}).credential is None


def test_a_lease_is_cut_from_a_token():
    """An engine's credentials are those of somebody else, until a time that is not logged; renewed it is the same."""
    event = said("database/creds/x", "read", response={"secret": {"lease_id": "database/creds/x/1"}})
    assert (event.kind, event.issued.name, event.issued.until) == (Kind.ASSUME, "database/creds/x/1", UNKNOWN)
    renewed = said("sys/leases/renew", response={"secret": {"lease_id": "database/creds/x/1"}})
    assert (renewed.kind, renewed.issued.name) == (Kind.RENEW, "database/creds/x/1")
    assert said("secret/x", "read", response={"secret": {"lease_id": ""}}).issued is None


def test_a_certificate_ends_as_it_says():
    """A certificate is known by its serial number; without an expiration its end is not known."""
    data = {"serial_number": "hmac-n", "expiration": 1_772_532_780}
    issued = said("pki/issue/x", mount="pki/", kind="pki", response={"data": data}).issued
    assert (issued.name, issued.until) == ("hmac-n", 1_772_532_780 * SECOND)
    for odd in (None, "soon", -1, 10**30, 1.5):
        told = {**data, "expiration": odd}
        assert said("pki/issue/x", mount="pki/", kind="pki", response={"data": told}).issued.until == UNKNOWN
    assert said("secret/x", "read", kind="kv", mount="secret/", response={"data": data}).issued is None


def test_a_wrapping_is_a_token_and_may_hold_another():
    """Who is given a wrapping can open it once, until it ends; of what lies within it is only told that it is there."""
    wrap = {"ttl": 120, "accessor": "hmac-w", "creation_time": "2026-03-02T10:04:59Z"}
    [event] = SOURCE.translate(entry("auth/approle/role/x/secret-id", response={"wrap_info": wrap}))
    assert (event.kind, event.issued.name) == (Kind.ISSUE, "hmac-w")
    assert event.issued.until == instant("2026-03-02T10:06:59Z")
    both = SOURCE.translate(entry("auth/token/create", response={"wrap_info": {**wrap, "wrapped_accessor": "hmac-i"}}))
    assert [(each.id, each.stage, each.kind, each.issued.name) for each in both] == [
        ("r-1", 2, Kind.ISSUE, "hmac-w"),
        ("r-1 wrapped", None, Kind.ASSUME, "hmac-i"),
    ]


def following(*entries):
    """What entries of one file say, each with what those before it tell of it."""
    found = SOURCE.records("\n".join(map(json.dumps, entries)).encode())
    return [SOURCE.translate({**each.record, **(each.beside or {})}) for each in found]


@pytest.mark.parametrize("call", ["revoke", "revoke-orphan"])
@pytest.mark.parametrize(
    "before",
    [
        entry("auth/token/create", response={"auth": {**GIVEN, "client_token": "hmac-d"}}),
        entry(auth={**KNOWN, "client_token": "hmac-d", "accessor": "hmac-b"}),
        {**entry(auth={"client_token": "hmac-d", "accessor": "hmac-b"}), "type": "request"},
        entry("auth/token/create", response={"wrap_info": {"token": "hmac-d", "accessor": "hmac-b"}}),
    ],
)
def test_a_token_that_is_named_by_itself_is_found(call, before):
    """Where an entry has both hashes, a later one that ends the token by its own ends the one that is known."""
    _, [event] = following(before, entry(f"auth/token/{call}", request={"data": {"token": "hmac-d"}}))
    assert (event.kind, event.issued.name, event.reason) == (Kind.REVOKE, "hmac-b", Reason.DELETED)
    _, [other] = following(before, entry(f"auth/token/{call}", request={"data": {"token": "hmac-e"}}))
    assert (other.kind, other.issued) == (Kind.USE, None)


@pytest.mark.parametrize("error", [None, "permission denied"])
def test_a_token_ends_with_its_last_use(error):
    """With the response to the use that found a single one left, let in or not; an earlier use ends nothing."""
    last = {**KNOWN, "remaining_uses": 1}
    use, end = SOURCE.translate(entry(auth=last, error=error))
    assert (use.kind, use.issued) == (Kind.USE, None)
    assert (end.kind, end.issued.name, end.time, end.principal) == (Kind.REVOKE, "hmac-a", NOW, use.principal)
    assert end.id != use.id
    for earlier in ({**entry(auth=last), "type": "request"}, entry(auth={**KNOWN, "remaining_uses": 2}), entry()):
        assert len(SOURCE.translate(earlier)) == 1
    for odd in (True, "1", None, [1]):
        assert len(SOURCE.translate(entry(auth={**KNOWN, "remaining_uses": odd}))) == 1


@pytest.mark.parametrize(
    ("path", "data", "ended"),
    [
        ("auth/token/revoke-self", None, "hmac-a"),
        ("auth/token/revoke-accessor", {"accessor": "hmac-c"}, "hmac-c"),
        ("auth/token/revoke", {"token": "hmac-d"}, None),
        ("auth/token/revoke-orphan", {"token": "hmac-d"}, None),
        ("sys/leases/revoke/database/creds/x/1", None, "database/creds/x/1"),
        ("sys/revoke/database/creds/x/1", None, "database/creds/x/1"),
        ("sys/leases/revoke", {"lease_id": "database/creds/x/1"}, "database/creds/x/1"),
        ("sys/leases/revoke", {"lease_id": "hmac-sha256:0"}, None),
        ("sys/leases/revoke", None, None),
        ("sys/leases/revoke-prefix/database", None, None),
        ("auth/approle/role/x/secret-id/destroy", {"secret_id": "hmac-s"}, "hmac-s"),
        ("auth/approle/role/x/secret-id-accessor/destroy", {"secret_id_accessor": "hmac-s"}, None),
    ],
)
def test_what_is_ended_is_named(path, data, ended):
    """A credential ends where it is named as it was when it was given; named otherwise it cannot be found."""
    event = said(path, request={"data": data})
    assert (event.kind, event.issued and event.issued.name) == (Kind.REVOKE if ended else Kind.USE, ended)
    assert (event.reason is Reason.DELETED) == (ended is not None)
    failed = said(path, request={"data": data}, error="permission denied")
    assert (failed.kind, failed.issued) == (Kind.USE, None)


@pytest.mark.parametrize(
    ("auth", "token", "since", "until"),
    [
        (KNOWN, "hmac-a", "2026-03-02T10:00:00Z", None),
        ({**KNOWN, "accessor": None, "token_type": "batch"}, "hmac-t", "2026-03-02T10:00:00Z", "2026-03-02T10:10:00Z"),
        (OWN, "hmac-a", None, None),
        ({**KNOWN, "accessor": None}, None, None, None),
        ({}, None, None, None),
    ],
)
def test_a_token_is_known_by_its_accessor(auth, token, since, until):
    """A use tells since when its token is; until when, only of a batch token, which cannot be renewed."""
    shown = said(auth=auth).credential
    assert (shown and shown.name) == token
    if shown:
        ends = [instant(each) if each else UNKNOWN for each in (since, until)]
        assert [shown.since, shown.until] == ends


def test_the_accessor_may_only_stand_in_auth():
    """Where the request does not repeat the accessor, that of auth is the one it came with, unless it was given."""
    bare = {"client_token": None, "client_token_accessor": None}
    assert said(request=bare).credential.name == "hmac-a"
    assert said(request=bare, response={"auth": KNOWN}).credential is None


@pytest.mark.parametrize(
    ("auth", "party"),
    [
        (KNOWN, Party("entity-1", PrincipalKind.SERVICE)),
        ({"display_name": "token-x", "entity_id": ""}, Party("token-x (no entity)", PrincipalKind.SERVICE)),
        ({"display_name": "root"}, Party("root (no entity)", PrincipalKind.SHARED_ACCOUNT)),
        ({"token_type": "default"}, None),
    ],
)
def test_who_acts_is_an_entity(auth, party):
    """Who acts is the entity, else what the token is called; the root token is nobody in particular."""
    assert said(auth=auth).principal == party


DENIED, LET = {**KNOWN, "policy_results": {"allowed": False}}, {**KNOWN, "policy_results": {"allowed": True}}
OFTEN = "1 error occurred:\n\t* permission denied\n\n"


@pytest.mark.parametrize(
    ("kind", "auth", "error", "decision", "reason"),
    [
        ("response", KNOWN, None, Decision.ALLOW, None),
        ("request", KNOWN, None, None, None),
        ("request", LET, None, Decision.ALLOW, None),
        ("request", DENIED, "permission denied", Decision.DENY, Reason.OUT_OF_SCOPE),
        ("response", DENIED, None, Decision.DENY, Reason.OUT_OF_SCOPE),
        ("response", KNOWN, OFTEN, Decision.DENY, Reason.OUT_OF_SCOPE),
        ("request", {}, "permission denied", Decision.DENY, None),
        ("response", {}, "invalid role or secret ID", Decision.DENY, None),
        ("response", {}, "missing client token", Decision.DENY, None),
        ("response", KNOWN, "token is expired", Decision.DENY, Reason.EXPIRED),
        ("response", KNOWN, "unsupported path", Decision.ALLOW, None),
        ("request", {}, 'request path "x": rate limit quota exceeded', Decision.DENY, Reason.THROTTLED),
        ("response", LET, "internal error", Decision.ALLOW, None),
    ],
)
def test_errors_say_who_was_let_in(kind, auth, error, decision, reason):
    """A policy decides, else the error: refused for who asked, let in if it failed for what was asked, or undecided."""
    event = said(auth=auth, type=kind, error=error)
    assert (event.decision, event.reason) == (decision, reason)


@pytest.mark.parametrize(
    ("path", "data", "decision", "error"),
    [
        ("auth/approle/login", {"error": "hmac-sha256:0"}, Decision.DENY, "an error that the log has as a hash"),
        ("auth/approle/login", {"error": "something else"}, Decision.DENY, "something else"),
        (
            "secret/data/x",
            {"error": "hmac-sha256:0", "data": {}},
            Decision.ALLOW,
            "an error that the log has as a hash",
        ),
        ("secret/x", {"error": "hmac-sha256:0", "code": "hmac-sha256:1"}, Decision.ALLOW, None),
    ],
)
def test_an_engine_s_error_stands_in_its_data(path, data, decision, error):
    """Data that is an error and nothing else is one, mostly hashed; a login that fails, however, lets nobody in."""
    event = said(path, response={"data": data})
    assert (event.decision, event.error) == (decision, error)


def test_an_error_is_the_last_thing_that_it_says():
    """What went wrong stands at the end, after how often."""
    assert said(error=OFTEN).error == "permission denied"
    assert said(error="").error is None


@pytest.mark.parametrize(
    ("where", "operation", "group", "level", "tier"),
    [
        (("secret/data/x", "secret/", "kv"), "read", "kv in secret/", "read", 3),
        (("secret/metadata/", "secret/", "kv"), "list", "kv in secret/", "list", 3),
        (("secret/data/x", "secret/", "kv"), "patch", "kv in secret/", "write", 3),
        (("cubbyhole/x", None, None), "create", "cubbyhole", "write", 2),
        (("db/creds/x", "db/", "database"), "read", "credentials in db/", "read", 3),
        (("db/config/x", "db/", "database"), "update", "database in db/", "write", 2),
        (("ca/issue/x", "ca/", "pki"), "update", "credentials in ca/", "read", 3),
        (("transit/decrypt/x", "transit/", "transit"), "update", "transit in transit/", "read", 2),
        (("transit/keys/x", "transit/", "transit"), "create", "transit in transit/", "write", 2),
        (("auth/approle/login", "auth/approle/", "approle"), "update", "logins in auth/approle/", "read", 3),
        (("auth/a/role/x", "auth/a/", "approle"), "create", "auth methods in auth/a/", "permissions", 3),
        (("auth/a/role/x/secret-id", "auth/a/", "approle"), "update", "secret ids in auth/a/", "read", 3),
        (("auth/token/create", None, None), "update", "tokens", "read", 3),
        (("auth/token/lookup-self", "auth/token/", "token"), "read", "own token", "read", 1),
        (("auth/token/revoke", "auth/token/", "ns_token"), "update", "token revocation", "write", 3),
        (("sys/policies/acl/x", "sys/", "system"), "update", "policies", "permissions", 3),
        (("sys/mounts/x", "sys/", "ns_system"), "create", "mounts", "permissions", 3),
        (("sys/audit/file", None, None), "delete", "audit devices", "permissions", 3),
        (("sys/seal-status", "sys/", "system"), "read", "status", "read", 1),
        (("sys/wrapping/unwrap", "sys/", "system"), "update", "wrapping", "read", 1),
        (("identity/entity/id/x", "identity/", "identity"), "update", "identity", "permissions", 3),
        (("x-ssh/sign/ops", None, None), "update", "engine in x-ssh/", "write", 2),
    ],
)  # fmt: skip
def test_level_and_tier_are_declared(where, operation, group, level, tier):
    """An atom is a level on a kind of path in a mount; what holds secrets, tokens or permissions is tier 3."""
    path, mount, kind = where
    event = said(path, operation, mount=mount, kind=kind)
    assert event.atom == (group, level)
    assert (SOURCE.weight(event.atom).tier, event.resource) == (tier, Resource(path, group))
    assert event.operation == f"{operation} {group.partition(' in ')[0]}"


def test_a_namespace_is_a_place_of_its_own():
    """The same path in another namespace is another thing, in another group."""
    event = said("secret/data/x", mount="secret/", kind="kv", request={"namespace": {"id": "n", "path": "team-a/"}})
    assert (event.resource.name, event.atom.group) == ("team-a/secret/data/x", "kv in team-a/secret/")


def test_what_a_client_says_of_itself_is_kept_where_it_is_logged():
    """Headers are only logged where Vault is told to; the name of one may be written in any case."""
    assert said(request={"headers": {"User-Agent": ["example/1"]}}).user_agent == "example/1"
    assert said(request={"headers": {}}).user_agent is None


def test_a_request_and_its_response_are_stages_of_one_event():
    """Both have the request's id; nothing is given before there is a response."""
    asked, answered = (
        said("auth/token/create", type=kind, response={"auth": GIVEN}) for kind in ("request", "response")
    )
    assert (asked.id, asked.stage, asked.issued) == ("r-1", 1, None)
    assert (answered.id, answered.stage, answered.issued.name) == ("r-1", 2, "hmac-b")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"time": None}, "no time"),
        ({"time": "noon"}, "time is no time: 'noon'"),
        ({"type": ""}, "no type"),
        ({"type": "audit"}, "type is none of request, response: 'audit'"),
        ({"request": {"id": None, "operation": "read", "path": "x"}}, "no request.id"),
        ({"request": {"id": "r", "operation": None, "path": "x"}}, "no request.operation"),
        ({"request": {"id": "r", "operation": "read"}}, "no request.path"),
        ({"request": []}, "request is a list where an object belongs"),
        ({"auth": "root"}, "auth is text where an object belongs"),
        ({"response": {"auth": []}}, "auth is a list where an object belongs"),
    ],
)
def test_what_cannot_be_understood_is_refused(fields, reason):
    """An entry without what every one has, or with something else in its place, is refused for just that."""
    with pytest.raises(RecordError) as refused:
        SOURCE.translate({**entry(), **fields})
    assert str(refused.value) == reason


ENTRY = entry()
TEXT = json.dumps(ENTRY, separators=(",", ":"))
COLLECTED = json.dumps({"log": f"{TEXT}\n", "stream": "stdout", "time": TIME})
RUNTIME = f"2026-03-02T10:05:00.1+00:00 stdout F {TEXT}\n"


@pytest.mark.parametrize("line", [TEXT, COLLECTED, RUNTIME])
def test_entries_are_found_in_lines_of_containers(line):
    """Where Vault writes to its standard output, an entry is text in a collector's record or follows a time."""
    assert [each.record for each in SOURCE.records(f"{line}\n{line}".encode())] == [ENTRY, ENTRY]


@pytest.mark.parametrize(
    ("sample", "known"),
    [
        (b'{"time":"x","type":"request","auth":{"token_type":"default"},"request":{"id":"x","operation":"read"', True),
        (b'{"type":"response","request":{"operation":"list","client_token":""}}', True),
        (json.dumps({"log": f"{TEXT}\n", "stream": "stdout"}).encode(), True),
        (b'{"type":"request","request":{"method":"GET"}}', False),
        (
            b'{"note":"{\\"type\\":\\"request\\",\\"request\\":{\\"operation\\":\\"read\\",\\"client_token\\":1}}"}',
            False,
        ),
        (b"", False),
    ],
)
def test_entries_are_told_by_their_keys(sample, known):
    """A file is an export if an entry's own keys occur in its beginning, not if a text in it looks like one."""
    assert bool(recognised(sample, {"it": SOURCE})) is known
