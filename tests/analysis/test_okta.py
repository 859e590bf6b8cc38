"""What one event of the Okta System Log says: who acted with what, how it came out, what was given or ended."""

import pytest

from analysis.ingest.instants import instant
from analysis.ingest.observed import Party, Resource
from analysis.ingest.okta.source import SOURCE
from analysis.ingest.strict import RecordError
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, UNKNOWN, Binding, CredentialKind, Decision, Kind, Reason, Resolution

TIME = "2026-03-02T10:05:00.123Z"
NOW = instant(TIME)
MINUTE = 60_000_000
GRANT = "app.oauth2.as.token.grant.access_token"
ALICE = {"id": "00u1", "type": "User", "alternateId": "alice@acme.example"}
PORTAL = {"id": "0oa1", "type": "PublicClientApp"}
AGENT = {"id": "wlp1", "type": "WorkloadIdentityPrincipal"}


def event(called="user.authentication.sso", actor=ALICE, result="SUCCESS", reason=None, session="unknown", **fields):
    """An event, and as many more fields as are given."""
    context = {"externalSessionId": session}
    told = {"uuid": "e-1", "published": TIME, "eventType": called, "actor": actor, "authenticationContext": context}
    return {**told, "outcome": {"result": result, "reason": reason}, **fields}


def said(*args, **fields):
    """What such an event says."""
    [only] = SOURCE.translate(event(*args, **fields))
    return only


def token(kind="access_token", name="AT.1", **detail):
    """A token as a target."""
    return {"id": name, "type": kind, "detailEntry": detail}


@pytest.mark.parametrize(
    ("actor", "party"),
    [
        (ALICE, Party("00u1", PrincipalKind.HUMAN)),
        (PORTAL, Party("0oa1", PrincipalKind.SERVICE)),
        (AGENT, Party("wlp1", PrincipalKind.AGENT)),
        ({"id": "wlp1", "type": "AI Agent"}, Party("wlp1", PrincipalKind.AGENT)),
        (
            {"id": "unknown", "alternateId": "a@acme.example", "type": "User"},
            Party("a@acme.example", PrincipalKind.HUMAN),
        ),
        ({"id": None, "alternateId": "unknown"}, None),
        ({"id": "x", "type": "Something New"}, Party("x", PrincipalKind.SERVICE)),
    ],
)
def test_actors_are_known_by_their_ids(actor, party):
    """An actor is who has the id, of the kind that its type means; without one it is the login, else nobody."""
    assert said(actor=actor).principal == party


@pytest.mark.parametrize(
    ("session", "debug", "detail", "credential", "until"),
    [
        ("unknown", {}, {}, None, None),
        (None, {}, {}, None, None),
        ("s-1", {}, {}, ("s-1", CredentialKind.SESSION_TOKEN), UNKNOWN),
        ("s-1", {}, {"requestApiTokenId": "00T1"}, ("00T1", CredentialKind.STATIC_KEY), FOREVER),
        ("s-1", {"requestApiTokenId": "00T1"}, None, ("00T1", CredentialKind.STATIC_KEY), FOREVER),
        ("s-1", {"clientSecret": "hash"}, {}, ("client secret hash", CredentialKind.STATIC_KEY), FOREVER),
        ("s-1", "redacted", {}, ("s-1", CredentialKind.SESSION_TOKEN), UNKNOWN),
    ],
)
def test_what_somebody_acts_with(session, debug, detail, credential, until):
    """An API token counts before a client's secret, and that before the session; the word unknown is no session."""
    shown = said(session=session, debugContext={"debugData": debug}, transaction={"detail": detail}).credential
    assert (shown and (shown.name, shown.kind), shown and shown.until) == (credential, until)


def test_a_session_begins_and_ends():
    """A login gives a session for as long as nobody says, without showing what it was asked with; a logout ends it."""
    began, ended = said("user.session.start", session="s-1"), said("user.session.end", session="s-1")
    assert (began.kind, began.credential, began.issued.name, began.target) == (Kind.ISSUE, None, "s-1", began.principal)
    assert (began.issued.until, began.issued.resolved) == (UNKNOWN, Resolution.LOOKED_UP)
    assert (ended.kind, ended.issued.name, ended.credential.name) == (Kind.REVOKE, "s-1", "s-1")
    assert ended.reason is Reason.DELETED


@pytest.mark.parametrize(
    ("called", "presents"),
    [
        ("user.authentication.auth", False),
        ("user.authentication.auth_via_mfa", False),
        ("user.authentication.auth_via_IDP", False),
        ("user.authentication.verify", False),
        ("user.authentication.sso", True),
        ("user.session.access_admin_app", True),
        ("user.session.end", True),
    ],
)
def test_steps_of_a_login_do_not_present_the_session(called, presents):
    """They come with what somebody is known by, and tell the session that he is about to get, or has, as the place."""
    event = said(called, session="s-1")
    assert (event.credential is not None, event.session) == (presents, "s-1")


@pytest.mark.parametrize(
    ("called", "result"),
    [
        ("user.session.start", "FAILURE"),
        ("user.session.clear", "SUCCESS"),
        ("user.session.access_admin_app", "SUCCESS"),
    ],
)
def test_no_session_begins_or_ends(called, result):
    """A login that failed gives nothing, and whoever clears the sessions of another does not end the own one."""
    event = said(called, result=result, session="s-1")
    assert (event.kind, event.issued) == (Kind.USE, None)


@pytest.mark.parametrize(
    ("called", "kind", "detail", "until", "resolved"),
    [
        (GRANT, "access_token", {}, NOW + 1440 * MINUTE, Resolution.BAKED),
        ("app.oauth2.token.grant.access_token", "access_token", {}, NOW + 60 * MINUTE, None),
        ("app.oauth2.as.authorize.implicit.id_token", "id_token", {}, NOW + 1440 * MINUTE, Resolution.BAKED),
        ("app.oauth2.as.token.grant.refresh_token", "refresh_token", {}, UNKNOWN, None),
        ("app.oauth2.token.grant.id_jag", "id_jag", {"expires": "2026-03-02T10:10:00.000Z"}, NOW + 299_877_000, None),
        (GRANT, "access_token", {"expires": "2026-03-02T10:06:00.123Z"}, NOW + MINUTE, Resolution.BAKED),
        (GRANT, "access_token", {"expires": "soon"}, NOW + 1440 * MINUTE, Resolution.BAKED),
    ],
)  # fmt: skip
def test_tokens_are_given_until_their_end(called, kind, detail, until, resolved):
    """A token is known by its id and ends as stated; else an access or id token ends as late as its server allows."""
    given = said(called, actor=PORTAL, target=[token(kind, **detail)])
    assert (given.kind, given.issued.name, given.issued.until) == (Kind.ISSUE, "AT.1", until)
    assert given.issued.resolved is resolved
    assert given.issued.binding is (None if resolved is None else Binding.AUDIENCE)


@pytest.mark.parametrize(
    ("actor", "target", "kind", "holder"),
    [
        (PORTAL, [token()], Kind.ISSUE, "0oa1"),
        (PORTAL, [token(subject="0oa1")], Kind.ISSUE, "0oa1"),
        (PORTAL, [ALICE, token()], Kind.ASSUME, "00u1"),
        (AGENT, [token(subject="00u1"), ALICE], Kind.ASSUME, "00u1"),
        (AGENT, [{**ALICE, "id": "00u2"}, token(subject="00u1")], Kind.ASSUME, "00u1"),
        (ALICE, [ALICE, token(subject="00u1")], Kind.ISSUE, "00u1"),
    ],
)
def test_a_token_is_for_its_subject(actor, target, kind, holder):
    """Who gets a token for another becomes that one; whom the token names counts before who is named beside it."""
    given = said(GRANT, actor=actor, target=target)
    assert (given.kind, given.target.name, given.principal.name) == (kind, holder, actor["id"])


def test_what_was_refused_gives_nothing():
    """A grant that failed is a use that was denied, though it names a token."""
    event = said("app.oauth2.as.token.grant", result="FAILURE", reason="no_matching_policy", target=[token()])
    assert (event.kind, event.issued, event.decision, event.reason) == (Kind.USE, None, Decision.DENY, Reason.POLICY)
    assert event.error == "no_matching_policy"


@pytest.mark.parametrize(
    ("called", "target", "kind", "name"),
    [
        ("system.api_token.create", [{"id": "00T1", "type": "Token"}], Kind.ISSUE, "00T1"),
        ("system.api_token.revoke", [{"id": "00T1", "type": "Token"}], Kind.REVOKE, "00T1"),
        ("system.api_token.update", [{"id": "00T1", "type": "Token"}], Kind.USE, None),
        ("system.api_token.create", [ALICE], Kind.USE, None),
        ("app.oauth2.as.token.revoke", [token()], Kind.REVOKE, "AT.1"),
        ("app.oauth2.token.revoke", [token("refresh_token", "oar1")], Kind.REVOKE, "oar1"),
        ("app.oauth2.token.revoke.implicit.user", [ALICE], Kind.USE, None),
        ("app.oauth2.token.detect_reuse", [token("refresh_token", "oar1")], Kind.USE, None),
        (
            "app.oauth2.credentials.lifecycle.create",
            [{"id": "0oa1", "type": "OAuth2ClientSecretEntity"}],
            Kind.USE,
            None,
        ),
    ],
)
def test_tokens_made_and_ended(called, target, kind, name):
    """API tokens are made and revoked, tokens of OAuth revoked, where the event names one; all else is use."""
    event = said(called, target=target)
    assert (event.kind, event.issued and event.issued.name) == (kind, name)


def test_an_api_token_has_no_end():
    """It renews itself with each use, acts for who made it, and may do what that one then may."""
    made = said("system.api_token.create", target=[{"id": "00T1", "type": "Token"}])
    assert (made.issued.kind, made.issued.until, made.target) == (CredentialKind.STATIC_KEY, FOREVER, made.principal)
    assert made.issued.resolved is Resolution.LOOKED_UP


@pytest.mark.parametrize(
    ("called", "result", "reason", "decision", "why"),
    [
        ("user.authentication.sso", "SUCCESS", None, Decision.ALLOW, None),
        ("user.authentication.sso", "SUCCESS", "INVALID_CREDENTIALS", Decision.ALLOW, None),
        ("user.session.start", "FAILURE", "INVALID_CREDENTIALS", Decision.DENY, None),
        ("user.session.start", "FAILURE", None, Decision.DENY, None),
        ("user.authentication.sso", "FAILURE", "PASSWORD_EXPIRED", Decision.DENY, Reason.EXPIRED),
        ("app.oauth2.as.token.grant", "FAILURE", "access_denied", Decision.DENY, Reason.OUT_OF_SCOPE),
        ("app.oauth2.token.detect_reuse", "SUCCESS", None, Decision.DENY, None),
        ("group.privilege.grant", "FAILURE", None, None, None),
        ("group.privilege.grant", "FAILURE", "quota", None, None),
        ("user.session.start", "FAILURE", "Sms rate limit exceeded", Decision.DENY, Reason.THROTTLED),
        ("group.privilege.grant", "SKIPPED", None, None, None),
        ("user.authentication.auth_via_mfa", "CHALLENGE", None, None, None),
        ("policy.evaluate_sign_on", "DENY", "anything", Decision.DENY, Reason.POLICY),
        ("group.privilege.grant", None, None, None, None),
    ],
)
def test_outcomes_say_who_was_let_in(called, result, reason, decision, why):
    """A success lets in whatever its reason; a failure refuses where it is of who asked, and is open elsewhere."""
    event = said(called, result=result, reason=reason)
    assert (event.decision, event.reason) == (decision, why)


@pytest.mark.parametrize(
    ("called", "result", "events"),
    [
        ("policy.evaluate_sign_on", "ALLOW", 0),
        ("policy.evaluate_sign_on", "CHALLENGE", 0),
        ("policy.evaluate_sign_on", "DENY", 1),
        ("system.org.rate_limit.warning", "SUCCESS", 0),
        ("user.account.lock", "FAILURE", 0),
        ("system.email.send_factor_verify_message", "SUCCESS", 0),
        ("policy.rule.update", "SUCCESS", 1),
    ],
)
def test_what_nobody_did_is_silent(called, result, events):
    """Messages, limits and locks are no acts, nor is a policy that is evaluated, unless it refuses somebody."""
    assert len(SOURCE.translate(event(called, result=result))) == events


@pytest.mark.parametrize(
    ("called", "atom", "tier"),
    [
        ("user.account.privilege.grant", ("privileges", "permissions"), 3),
        ("system.api_token.create", ("api tokens", "permissions"), 3),
        ("workload_principal.ai_agent.credential.create", ("agents", "permissions"), 3),
        ("app.oauth2.client.read_client_secret", ("clients", "read"), 3),
        ("app.oauth2.as.token.grant.access_token", ("tokens", "read"), 3),
        ("user.mfa.factor.reset_all", ("authenticators", "permissions"), 3),
        ("user.account.update_password", ("authenticators", "permissions"), 3),
        ("policy.rule.update", ("policies", "permissions"), 3),
        ("user.session.start", ("sign-on", "read"), 2),
        ("user.lifecycle.deactivate", ("users", "write"), 2),
        ("group.user_membership.add", ("groups", "permissions"), 2),
        ("application.lifecycle.update", ("applications", "write"), 2),
        ("application.user_membership.show_password", ("passwords of applications", "read"), 2),
        ("org.something.new", ("settings", "write"), 1),
    ],
)
def test_types_of_events_need_levels(called, atom, tier):
    """A type of event is a level on a group, and a group is worth what is declared of it."""
    needed = said(called).atom
    assert (needed, SOURCE.weight(needed).tier) == (atom, tier)


@pytest.mark.parametrize(
    ("target", "touched"),
    [
        (None, None),
        ([], None),
        ([ALICE], "User/00u1"),
        ([ALICE, {"id": "0oa9", "type": "AppInstance"}], "AppInstance/0oa9"),
        ([token(), ALICE], "User/00u1"),
        ([{"type": "User"}, {"id": "x"}], "thing/x"),
    ],
)
def test_the_most_telling_target_is_touched(target, touched):
    """Of several targets an application counts before a user; a token is no thing, and what has no id is not named."""
    found = said(target=target).resource
    assert found == (Resource(touched, "sign-on") if touched else None)


def test_the_rest_of_an_event_is_kept():
    """Where from, with what client and program, in which request and session."""
    client = {"ipAddress": "198.51.100.7", "id": "0oa1", "userAgent": {"rawUserAgent": "example/1"}}
    event = said(session="s-1", client=client, transaction={"id": "t-1"})
    assert (event.id, event.time, event.session, event.request_id) == ("e-1", NOW, "s-1", "t-1")
    assert (event.origin, event.user_agent, event.invoked_by) == ("198.51.100.7", "example/1", "0oa1")


def test_first_keys_may_be_small():
    """Some stores write the first keys of a record without capitals; what is said is the same."""
    plain = event(session="s-1", debugContext={"debugData": {"clientSecret": "hash"}})
    assert SOURCE.translate({name.lower(): value for name, value in plain.items()}) == SOURCE.translate(plain)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"uuid": None}, "no uuid"),
        ({"published": ""}, "no published"),
        ({"published": "soon"}, "published is no time: 'soon'"),
        ({"eventType": "a b"}, "eventType is no type of event: 'a b'"),
        ({"target": "x"}, "target is text where a list belongs"),
        ({"actor": []}, "actor is a list where an object belongs"),
    ],
)
def test_what_cannot_be_known_is_refused(fields, reason):
    """An event without id, time or type, or with something else where they stand, is refused with a reason."""
    with pytest.raises(RecordError, match=reason):
        SOURCE.translate({**event(), **fields})
