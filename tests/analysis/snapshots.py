"""Snapshots of days of March as their exports are written, and what becomes of them."""

import json

from analysis.ingest.ingest import ingest
from sim.audit.store import Store
from sim.audit.verify import verify

ACCOUNT, OTHER = "111122223333", "444455556666"
ALLOWED = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}
MORE = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}}
# What is held for certain, and where anything may be: from when until when, in days and seconds of March.
HELD = """
    SELECT strftime(a.valid_from, '%-d.%H%M%S'), strftime(a.valid_to, '%-d.%H%M%S'),
           CASE a.scope_set WHEN -1 THEN 'anything'
                ELSE (SELECT string_agg(k.resource_group, ' ') FROM fact.scope_set_atom s
                      JOIN log.catalogue k ON k.run = s.run AND k.atom = s.atom
                      WHERE s.run = a.run AND s.scope_set = a.scope_set) END AS what
    FROM fact.assignment a JOIN log.principal p ON p.run = a.run AND p.id = a.principal
    WHERE p.name = $name AND (a.scope_set = -1 OR NOT $certain OR a.scope_set % 2 = 0) ORDER BY ALL
"""
KEYS = """
    SELECT n.name, strftime(c.from_lo, '%-m-%-d'), strftime(c.from_hi, '%-m-%-d'), strftime(c.to_lo, '%-m-%-d'),
           CASE c.to_hi WHEN 'infinity' THEN NULL ELSE strftime(c.to_hi, '%-m-%-d') END
    FROM log.credential c JOIN fact.natural_key n ON n.run = c.run AND n.entity = 'credential' AND n.id = c.id
    ORDER BY n.name
"""


def arn(what, account=ACCOUNT):
    """The name of somebody."""
    return f"arn:aws:iam::{account}:{what}"


def listing(day, users, account=ACCOUNT, **more):
    """A snapshot that mentions noon of a day of March: a role, and users with what they are allowed."""
    made = "2026-01-05T08:00:00Z"
    role = {
        "RoleId": "AROAEXAMPLE", "Arn": arn("role/example", account), "CreateDate": made,
        "RoleLastUsed": {"LastUsedDate": f"2026-03-{day:02}T12:00:00Z"},
    }  # fmt: skip
    entries = [
        {
            "UserId": f"AIDA{name}", "Arn": arn(f"user/{name}", account), "CreateDate": made,
            "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": document}],
        }
        for name, document in users.items()
    ]  # fmt: skip
    return {"UserDetailList": entries, "GroupDetailList": [], "RoleDetailList": [role], "Policies": [], **more}


def report(day, *keys):
    """A credential report of a day: since when each of a user's keys works; None for one that does not."""
    told = ",".join("false,N/A" if since is None else f"true,2026-{since}T08:00:00Z" for since in keys)
    return (
        "user,arn,user_creation_time,password_enabled,password_last_changed,access_key_1_active,"
        "access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated\n"
        f"<root_account>,{arn('root')},2025-01-05T08:00:00Z,not_supported,N/A,false,N/A,false,N/A\n"
        f"someone,{arn('user/someone')},2026-01-05T08:00:00Z,true,2026-03-{day:02}T12:00:00Z,{told}\n"
    )


def call(day, name="ListRoles"):
    """A call to IAM, at six on a day of March."""
    who = {"type": "IAMUser", "arn": arn("user/b"), "accessKeyId": "AKIAEXAMPLE"}
    return {
        "eventID": f"{day} {name}", "eventTime": f"2026-03-{day:02}T06:00:00Z", "eventSource": "iam.amazonaws.com",
        "eventName": name, "userIdentity": who,
    }  # fmt: skip


def reading(tmp_path):
    """For a fixture: what becomes of exports in one folder, in the order of their names."""
    opened = []

    def ingested(*exports, order=None, **how):
        folder = tmp_path / str(len(opened))
        folder.mkdir()
        for number, export in enumerate(exports):
            written = export if isinstance(export, str) else json.dumps(export)
            (folder / f"{number if order is None else order[number]}").write_text(written, "utf-8")
        opened.append(Store.in_memory())
        [done] = ingest([folder], opened[-1], **how)
        assert [each.rule for each in verify(opened[-1]) if each.broken] == []
        return opened[-1], done

    yield ingested
    for store in opened:
        store.close()


def held(store, name, *, certain=True, account=ACCOUNT):
    """What a user holds from when until when."""
    return store.rows(HELD, {"name": arn(f"user/{name}", account), "certain": certain})


def keys(store):
    """The keys of the user, by what they are called."""
    return {name.removeprefix(arn("user/someone ")): bounds for name, *bounds in store.rows(KEYS) if "key" in name}
