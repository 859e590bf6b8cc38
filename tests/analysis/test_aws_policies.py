"""Policies expand to actions as IAM evaluates them: held against an evaluator that tries every request there is."""

from fnmatch import fnmatchcase
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_sentry.analysis.expand import expand

from analysis.ingest.aws_iam.documents import says
from analysis.ingest.aws_iam.effective import effective
from analysis.ingest.aws_iam.reference import matching, reference

# Actions on objects and on keys, one on buckets, and one that takes no resource; one that the others deny is like any.
ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:ListBucket", "kms:Decrypt", "s3:ListAllMyBuckets")
# What each can be done to in a small account, beside names that no policy has.
KEY = "arn:aws:kms:us-east-1:000000000000:key/"
THINGS = {
    "s3:GetObject": ("arn:aws:s3:::alpha/one", "arn:aws:s3:::beta/one", "arn:aws:s3:::other/else"),
    "s3:PutObject": ("arn:aws:s3:::alpha/one", "arn:aws:s3:::beta/one", "arn:aws:s3:::other/else"),
    "s3:ListBucket": ("arn:aws:s3:::alpha", "arn:aws:s3:::beta", "arn:aws:s3:::other"),
    "kms:Decrypt": (f"{KEY}alpha", f"{KEY}other"),
    "s3:ListAllMyBuckets": ("*",),
}
NAMES = (
    "s3:GetObject",
    "S3:getobject",
    "s3:Get*",
    "s3:*Object",
    "s3:?etObject",
    "s3:List*",
    "kms:*",
    "s3:*",
    "*",
    "*:*",
    "kms:Decrypt",
)
WHERE = (
    "*",
    "arn:aws:s3:::alpha/*",
    "arn:aws:s3:::alpha",
    "arn:aws:s3:::*",
    f"{KEY}alpha",
    "arn:aws:s3:::beta*",
    "arn:aws:*",
)


def matches(pattern, text):
    """Whether a pattern of IAM names a text; no pattern here has brackets."""
    return fnmatchcase(text, pattern)


def applies(statement, action, thing):
    """Whether a statement speaks of an action on a thing, its condition aside."""
    actions = statement.get("Action") or statement["NotAction"]
    resources = statement.get("Resource") or statement["NotResource"]
    named = any(matches(each.lower(), action.lower()) for each in actions)
    there = any(matches(each, thing) for each in resources)
    return named == ("Action" in statement) and there == ("Resource" in statement)


def allowed(action, thing, truth, identity, boundary):
    """How IAM answers where the conditions of statements are as `truth` has them."""
    speaking = [
        (each, kind)
        for kind, policy in (("identity", identity), ("boundary", boundary))
        for each in policy or ()
        if applies(each, action, thing) and truth.get(id(each), True)
    ]
    if any(each["Effect"] == "Deny" for each, _ in speaking):
        return False
    kinds = {kind for _, kind in speaking}
    return "identity" in kinds and (boundary is None or "boundary" in kinds)


def held(action, identity, boundary):
    """Whether an action can be done to anything: whatever the conditions are, and with the best of them."""
    open_ = [id(each) for each in [*identity, *(boundary or ())] if each.get("Condition")]
    truths = [dict(zip(open_, values, strict=True)) for values in product((True, False), repeat=len(open_))]
    answers = [[allowed(action, thing, truth, identity, boundary) for truth in truths] for thing in THINGS[action]]
    return any(map(all, answers)), any(map(any, answers))


@st.composite
def statement(draw, where):
    """A statement of a policy."""
    listed = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2))
    there = draw(st.lists(where, min_size=1, max_size=2))
    made = {
        "Effect": draw(st.sampled_from(("Allow", "Allow", "Deny"))),
        draw(st.sampled_from(("Action", "NotAction"))): listed,
    }
    made[draw(st.sampled_from(("Resource", "Resource", "NotResource")))] = there
    return made | ({"Condition": {"Bool": {"aws:SecureTransport": "true"}}} if draw(st.booleans()) else {})


def policy(where):
    """Some statements."""
    return st.lists(statement(where), min_size=1, max_size=2)


def expanded(identity, boundary):
    """What the product says: each action with whether it is held for certain, and at most."""
    said = [says({"Statement": each}) for each in identity]
    found = effective(said, None if boundary is None else says({"Statement": boundary}))
    bits = {action: matching(action) for action in ACTIONS}
    return {action: (bool(found.certain & bit), bool(found.most & bit)) for action, bit in bits.items()}


@settings(max_examples=150, deadline=None)
@given(policy(st.just("*")), st.none() | policy(st.just("*")))
def test_actions_on_all_resources_are_expanded_exactly(identity, boundary):
    """Where statements name all resources, what is held at least and at most is what an exhaustive evaluator finds."""
    identity = [each for each in identity if "Resource" in each]
    boundary = boundary and [each for each in boundary if "Resource" in each]
    got = expanded([identity], boundary)
    assert got == {action: held(action, identity, boundary) for action in ACTIONS}


@settings(max_examples=200, deadline=None)
@given(policy(st.sampled_from(WHERE)), policy(st.sampled_from(WHERE)), st.none() | policy(st.sampled_from(WHERE)))
def test_bounds_hold_whatever_resources_are_named(one, other, boundary):
    """What is certain is allowed on something whatever the conditions are; what is allowed on anything is possible."""
    got = expanded([one, other], boundary)
    for action, (certain, most) in got.items():
        least, best = held(action, [*one, *other], boundary)
        assert certain <= least, action
        assert best <= most, action


PATTERNS = ("s3:Get*", "s3:*Object", "ec2:*Snapshot*", "iam:*", "sts:AssumeRole", "kms:Re*t*", "logs:Describe*")


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_name_the_actions_that_another_reader_of_the_reference_finds(pattern):
    """policy-sentry expands wildcards by itself, to the same actions."""
    names = reference().names
    found = {names[number].lower() for number in range(len(names)) if matching(pattern) >> number & 1}
    assert found == {each.lower() for each in expand(pattern)}
