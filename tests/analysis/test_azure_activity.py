"""What one event of the Azure Activity Log says: who did what, with which token, and how it came out."""

import json
import re

import pytest

from analysis.ingest.azure_activity.source import SOURCE
from analysis.ingest.ingest import ingest
from analysis.ingest.instants import instant
from analysis.ingest.observed import Party, Resource
from analysis.ingest.strict import RecordError
from analysis.joins.joins import Join, joins
from sim.audit.ids import PrincipalKind
from sim.audit.rows import UNKNOWN, CredentialKind, Decision, Kind, Reason
from sim.audit.store import Store

TIME = "2026-03-02T10:05:00.1234567Z"
NOW = instant(TIME)
ISSUED = instant("2026-03-02T10:00:00Z") // 1_000_000
OBJECT = "http://schemas.microsoft.com/identity/claims/objectidentifier"
LOGIN = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"
SCOPE = "http://schemas.microsoft.com/identity/claims/scope"
HUMAN, SERVICE, AGENT, INSTANCE = (
    PrincipalKind.HUMAN,
    PrincipalKind.SERVICE,
    PrincipalKind.AGENT,
    PrincipalKind.AGENT_INSTANCE,
)
WRITE, PLACE = "Microsoft.Compute/disks/write", "/subscriptions/s/resourceGroups/Acme"
DISK = f"{PLACE}/providers/Microsoft.Compute/disks/d"
OF_SERVICE = {OBJECT: "o-1", "appid": "app-1", "uti": "uti-1", "iat": str(ISSUED), "exp": str(ISSUED + 4000)}


def event(status="Succeeded", called=WRITE, claims=OF_SERVICE, sub="", resource=DISK, **fields):
    """An event as the REST interface lists it, and as many more fields as are given."""
    told = {"eventDataId": "e-1", "eventTimestamp": TIME, "operationId": "op-1", "correlationId": "c-1"}
    words = {"operationName": called, "status": status, "subStatus": sub, "category": "Administrative"}
    told |= {name: {"value": value, "localizedValue": "made up"} for name, value in words.items()}
    return {**told, "resourceId": resource, "claims": claims, **fields}


def said(*args, **fields):
    """What such an event says."""
    [only] = SOURCE.translate(event(*args, **fields))
    return only


def monitored(record):
    """The same event as Azure Monitor hands it on; it does not say which operation it is of."""
    plain = {
        name: each["value"] if isinstance(each, dict) and "value" in each else each for name, each in record.items()
    }
    return {
        "time": plain["eventTimestamp"],
        "resourceId": plain["resourceId"].upper(),
        "operationName": plain["operationName"].upper(),
        "category": "Write",
        "resultType": plain["status"],
        "resultSignature": f"{plain['status']}.{plain['subStatus']}",
        "correlationId": plain["correlationId"],
        "identity": {"claims": plain["claims"]},
        "properties": {"eventCategory": "Administrative", "operationId": plain["operationId"]},
    }


def kept(record):
    """The same event as Log Analytics keeps it."""
    capital = {"TimeGenerated": record["eventTimestamp"], "OperationName": "Write a disk", "Category": "Administrative"}
    renamed = {"operationName": "OperationNameValue", "status": "ActivityStatusValue", "resourceId": "_ResourceId"}
    for name, value in record.items():
        plain = value["value"] if isinstance(value, dict) and "value" in value else value
        text = json.dumps(plain) if isinstance(plain, dict) else plain
        capital[renamed.get(name, name[0].upper() + name[1:])] = text
    return {**capital, "SubStatus": "", "ActivitySubstatusValue": record["subStatus"]["value"]}


def client(record):
    """The same event as the Python client of the REST interface writes it."""
    return {re.sub("(?=[A-Z])", "_", name).lower(): value for name, value in record.items()}


@pytest.mark.parametrize("form", [monitored, kept, client])
@pytest.mark.parametrize(
    "record",
    [
        event(),
        event("Failed", sub="Forbidden"),
        event("Started", claims={**OF_SERVICE, "xms_sub_fct": "3 11"}),
    ],
)
def test_forms_say_the_same(form, record):
    """Who hands an event on changes names and shapes, and nothing of what it says."""
    assert SOURCE.translate(form(record)) == SOURCE.translate(record)


@pytest.mark.parametrize(
    ("claims", "party", "target"),
    [
        ({OBJECT: "o-1", "idtyp": "app", "appid": "app-1"}, Party("o-1", SERVICE), None),
        ({"oid": "o-1", "idtyp": "user"}, Party("o-1", HUMAN), None),
        ({OBJECT: "o-1", SCOPE: "user_impersonation"}, Party("o-1", HUMAN), None),
        ({LOGIN: "a@acme.example"}, Party("a@acme.example", HUMAN), None),
        ({"appid": "app-1"}, Party("caller-1", SERVICE), None),
        ({OBJECT: "o-1", "xms_sub_fct": "9 3 11", "xms_act_fct": "11 3"}, Party("o-1", INSTANCE, "b-1"), None),
        ({OBJECT: "o-1", "xms_sub_fct": "2 13", "idtyp": "user"}, Party("o-1", AGENT, "b-1"), None),
        (
            {OBJECT: "o-1", "idtyp": "user", "appid": "app-1", "xms_sub_fct": "2 3", "xms_act_fct": "3 11"},
            Party("app-1", INSTANCE, "b-1"),
            Party("o-1", HUMAN),
        ),
        ({OBJECT: "o-1", "idtyp": "user", "appid": "app-1", "xms_act_fct": "3 9 110"}, Party("o-1", HUMAN), None),
    ],
)
def test_claims_say_who_acts(claims, party, target):
    """A person or a service by the object id; an agent where its token has that facet, for whom it acts for."""
    event = said(claims={"xms_par_app_azp": "b-1", **claims}, caller="caller-1")
    assert (event.principal, event.target) == (party, target)


def test_nobody_is_told():
    """An event without claims and caller names nobody and no token."""
    event = said(claims=None)
    assert (event.principal, event.credential, event.invoked_by) == (None, None, None)


@pytest.mark.parametrize(
    ("status", "since", "until"),
    [
        ("Succeeded", ISSUED * 1_000_000, (ISSUED + 4000) * 1_000_000),
        ("Started", ISSUED * 1_000_000, (ISSUED + 4000) * 1_000_000),
    ],
)
def test_a_token_says_how_long_it_is_good(status, since, until):
    """Each use of a token tells its id, and since when and until when it is good."""
    shown = said(status).credential
    assert (shown.name, shown.kind, shown.since, shown.until) == ("uti-1", CredentialKind.SESSION_TOKEN, since, until)


@pytest.mark.parametrize("odd", ["", "soon", "-1", "9" * 30, "9" * 18, "\u0661", None, True, []])
def test_odd_ends_are_unknown(odd):
    """An end that is no number, or that no store can keep, is not known."""
    assert said(claims={**OF_SERVICE, "exp": odd}).credential.until == UNKNOWN


@pytest.mark.parametrize(("status", "shown"), [("Started", True), ("Succeeded", False), ("Failed", False)])
def test_what_is_over_later_uses_no_token(status, shown):
    """An operation that is over when its token has ended was begun with it, and does not use it then."""
    claims = {**OF_SERVICE, "exp": str(ISSUED + 1)}
    assert (said(status, claims=claims).credential is not None) is shown


@pytest.mark.parametrize(
    ("status", "sub", "properties", "decision", "reason"),
    [
        ("Started", "", {}, None, None),
        ("Accepted", "Accepted", {}, Decision.ALLOW, None),
        ("Succeeded", "", {}, Decision.ALLOW, None),
        ("Success", "Succeeded.Created", {}, Decision.ALLOW, None),
        ("Failed", "Forbidden", {}, Decision.DENY, Reason.OUT_OF_SCOPE),
        ("Failure", "Failed.Forbidden", {}, Decision.DENY, Reason.OUT_OF_SCOPE),
        ("Failed", "", {"statusCode": "Unauthorized"}, Decision.DENY, None),
        (
            "Failed",
            "",
            {"statusMessage": '{"error": {"code":"ExpiredAuthenticationToken"'},
            Decision.DENY,
            Reason.EXPIRED,
        ),
        (
            "Failed",
            "Forbidden",
            {"statusMessage": '{"code": "RequestDisallowedByPolicy"}'},
            Decision.DENY,
            Reason.POLICY,
        ),
        ("Failed", "Conflict", {}, Decision.ALLOW, None),
        ("Failed", "TooManyRequests", {}, Decision.DENY, Reason.THROTTLED),
        ("Failed", "InternalServerError", {}, None, None),
        ("Failed", "", {}, None, None),
        ("Active", "", {}, None, None),
        ("", "", {}, None, None),
    ],
)
def test_a_status_says_who_was_let_in(status, sub, properties, decision, reason):
    """A start decides nothing; a failure is a refusal where its code is of who asked, and open where none is told."""
    event = said(status, sub=sub, properties=properties)
    assert (event.decision, event.reason) == (decision, reason)


@pytest.mark.parametrize(
    ("status", "stage"),
    [("Started", 1), ("Start", 1), ("Accepted", 2), ("Succeeded", 3), ("Failure", 3), ("Active", None), ("", None)],
)
def test_records_of_an_operation_are_stages(status, stage):
    """What starts, is accepted and is over are stages of one event; they share the operation's id."""
    event = said(status)
    assert (event.stage, event.id, event.kind) == (stage, "op-1", Kind.USE)


def test_what_belongs_together_is_found_without_an_id():
    """Where no operation's id is told, a start and an end share what they are about, whatever their capitals."""
    start, end = (
        said(status, resource=name, operationId=None)
        for status, name in (("Started", DISK), ("Succeeded", DISK.upper()))
    )
    assert start.id == end.id == f"c-1 {WRITE.lower()} {DISK.lower()}"
    assert said(operationId=None, correlationId=None).id == "e-1"


def test_a_start_and_its_end_are_one_event(tmp_path):
    """Together they tell when it began, how long it took, and how it came out; the token is told by the start alone."""
    claims = {**OF_SERVICE, "exp": str(ISSUED + 600)}
    late = {"eventTimestamp": "2026-03-02T10:15:00.1234567Z", "eventDataId": "e-2"}
    records = [event("Succeeded", claims=claims, **late), event("Started", claims=claims)]
    (tmp_path / "events.ndjson").write_text("\n".join(map(json.dumps, records)), "utf-8")
    with Store.in_memory() as store:
        ingest([tmp_path], store)
        told = store.rows("SELECT duration, decision, credential IS NOT NULL FROM log.event")
        lasts = store.rows("SELECT to_lo = to_hi, epoch(to_hi - from_lo) FROM log.credential")
    assert told == [(600_000_000, "allow", True)]
    assert lasts == [(False, 600.0)]


@pytest.mark.parametrize(
    ("called", "group", "level", "tier"),
    [
        ("Microsoft.Authorization/roleAssignments/write", "roles", "permissions", 3),
        ("MICROSOFT.AUTHORIZATION/LOCKS/DELETE", "policies and locks", "permissions", 3),
        ("Microsoft.Storage/storageAccounts/listKeys/action", "access keys", "read", 3),
        ("Microsoft.Storage/storageAccounts/regenerateKey/action", "access keys", "permissions", 3),
        ("Microsoft.KeyVault/vaults/write", "secrets", "write", 3),
        ("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", "identities", "permissions", 3),
        ("Microsoft.Compute/virtualMachines/runCommand/action", "compute", "write", 2),
        ("Microsoft.Sql/servers/delete", "data", "write", 2),
        ("Microsoft.Resources/tags/write", "deployments", "tagging", 2),
        ("Example.Provider/things/write", "other resources", "write", 1),
    ],
)
def test_operations_need_levels(called, group, level, tier):
    """An operation is a level on a group in its resource group, and a group is worth what is declared of it."""
    event = said(called=called)
    assert event.atom == (f"{group} in {PLACE.lower()}", level)
    assert (event.operation, SOURCE.weight(event.atom).tier) == (called.lower(), tier)


@pytest.mark.parametrize(
    ("resource", "place"),
    [(DISK, PLACE.lower()), ("/subscriptions/S", "/subscriptions/s"), ("/providers/x", None), (None, None)],
)
def test_where_something_is_done(resource, place):
    """A resource lies in its resource group, else in its subscription, else nowhere in particular."""
    event = said(resource=resource)
    assert event.atom.group == "compute" + (f" in {place}" if place else "")
    assert event.resource == (Resource(resource.lower(), event.atom.group) if resource else None)


def test_the_rest_of_an_event_is_kept():
    """Where from, through which application, and as part of what."""
    event = said(httpRequest={"clientIpAddress": "198.51.100.7"})
    assert (event.time, event.origin, event.invoked_by, event.request_id) == (NOW, "198.51.100.7", "app-1", "c-1")
    assert said(callerIpAddress="198.51.100.9").origin == "198.51.100.9"


@pytest.mark.parametrize(
    ("category", "events"),
    [("Administrative", 1), ("Action", 1), (None, 1), ("Policy", 0), ("Recommendation", 0), ("kube-audit", 0)],
)
def test_what_nobody_did_is_silent(category, events):
    """What Policy, Advisor and others write is no act; an event without a category is one."""
    assert len(SOURCE.translate(event(category=category))) == events


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"eventTimestamp": "then"}, "eventTimestamp is no time: 'then'"),
        ({"eventTimestamp": None}, "no eventTimestamp"),
        ({"operationName": "GetBlob"}, "operationName is no operation: 'GetBlob'"),
        ({"operationName": None}, "no operationName"),
        ({"claims": "cut"}, "claims is text where an object belongs"),
        (dict.fromkeys(("operationId", "correlationId", "eventDataId")), "none of operationId, correlationId"),
    ],
)  # fmt: skip
def test_what_cannot_be_known_is_refused(fields, reason):
    """An event without time, operation or id, or with something else where they stand, is refused with a reason."""
    with pytest.raises(RecordError, match=reason):
        SOURCE.translate({**event(), **fields})


def test_a_token_is_followed_from_its_sign_in_to_what_it_did(tmp_path):
    """Entra gave a token to an application, and Azure let it in twice: one token, one principal, by their own ids."""
    sign_in = {
        "id": "s-1", "createdDateTime": "2026-03-02T10:00:00Z", "signInEventTypes": ["servicePrincipal"],
        "appId": "app-1", "servicePrincipalId": "0000000b-0000-4000-8000-000000000001",
        "uniqueTokenIdentifier": "example-token-of-one", "status": {"errorCode": 0},
        "conditionalAccessStatus": "notApplied", "resourceDisplayName": "Azure",
    }  # fmt: skip
    claims = OF_SERVICE | {OBJECT: sign_in["servicePrincipalId"], "uti": sign_in["uniqueTokenIdentifier"]}
    used = [event(claims=claims, eventDataId=f"e-{number}", operationId=f"op-{number}") for number in (1, 2)]
    for name, records in {"azure": used, "entra": [sign_in]}.items():
        (tmp_path / f"{name}.json").write_text(json.dumps({"value": records}), "utf-8")
    with Store.create(tmp_path / "a.duckdb") as store:
        ingest([tmp_path / "azure.json", tmp_path / "entra.json"], store)
        assert joins(store) == [
            Join(1, "credential", 2, "credential", "issued", 1, 0, 0, 2, 2, 1, 1),
            Join(1, "principal", 2, "principal", "vouched", 1, 0, 0, 2, 2, 1, 1),
        ]
