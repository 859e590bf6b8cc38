"""Words that those who write a log use for what it names, in place of this project's."""

import pytest

from analysis.report.terms import principal


@pytest.mark.parametrize(
    ("profile", "kind", "said"),
    [
        ("okta", "service", "application or client"),
        ("entra", "service", "service principal"),
        ("entra", "agent_instance", "agent identity"),
        ("azure_activity", "agent_instance", "agent identity"),
        ("azure_activity", "human", "user"),
        ("gcp_audit", "agent", "agent identity"),
        ("github_audit", "agent_instance", "agent's session"),
        ("ocsf", "agent_instance", "agent instance"),
        ("spire", "service", "SPIFFE ID"),
        ("cloudtrail", "agent_instance", "role session"),
        ("cloudtrail, not whole, entitlements", "agent_instance", "role session"),
        ("a_log_of_my_own", "shared_account", "shared account"),
    ],
)
def test_kinds_read_as_providers_call_them(profile, kind, said):
    """A reader of Entra's log knows service principals and agent identities; other kinds are spelt out."""
    assert principal(kind, profile) == said
