"""Policies: read, refused with file and line, asked once a class, and answered as Cedar answers itself."""

import json
from pathlib import Path

import cedarpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.control import model, policy
from sim.control.judge import Judge
from sim.control.policy import Policy
from sim.control.question import Entity, Question, Uid
from sim.toml import DeclarationError

POLICIES = Path(__file__).parents[2] / "data" / "policies"
CONTROL = POLICIES.parent / "controls" / "per_action.toml"
BUNDLED = sorted(POLICIES.glob("*.cedar"))
PERMIT = "permit (principal, action, resource);\n"


def told(text, tmp_path):
    """What is said of a policy that is refused, from the line on."""
    path = tmp_path / "mine.cedar"
    path.write_text(text, "utf-8")
    with pytest.raises(DeclarationError) as refused:
        policy.read(path, POLICIES)
    assert "\n" not in str(refused.value)
    return str(refused.value).removeprefix(f"{path}:")


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_a_bundled_policy_is_valid(path):
    """Every bundled policy asks only about what the schema has."""
    assert policy.read(path, POLICIES).name == path.stem


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (f"// of plans\n{PERMIT}forbid (principal, action, resource)\nwhen {{ context.plannd }};", 4, "plannd"),
        (f"{PERMIT}\nforbid (principal, action, resource) when {{ resource.teir > 2 }};", 3, "teir"),
        (f"{PERMIT}\n\nforbid (principal, action, resource) unless {{ context.planned > 2 }};", 4, "Bool"),
        (f"{PERMIT}forbid (principal, acton, resource);", 2, "acton"),
        (f"{PERMIT}forbid (principal, action, resource)", 2, "not Cedar"),
        (f'{PERMIT}forbid (principal, action == Action::"delete", resource);', 2, "delete"),
        ("permit (principal == ?principal, action, resource);", 1, "template"),
        ('permit (principal, action, resource) when { Agent::"1".state == "active" };', 1, 'Agent::"1"'),
        ("// nothing\n", 1, "no statement"),
        (f"{PERMIT}forbid (principal, action, resource) when {{ {'(' * 20_000}true{')' * 20_000} }};", 2, "several"),
        (f"{PERMIT}forbid (principal, action, resource) when {{ {' && '.join(['true'] * 20_000)} }};", 2, "several"),
    ],
)
def test_a_policy_that_cannot_be_used_is_refused_by_line(text, line, words, tmp_path):
    """What is wrong is said in one line, with the file, the line and the word."""
    said = told(text, tmp_path)
    assert said.startswith(f"{line}: ")
    assert words in said


def test_a_policy_is_found_by_name_or_path(tmp_path):
    """A bare name is a bundled one, a path is looked for beside the control model and then from here."""
    own = tmp_path / "own.cedar"
    own.write_text(PERMIT, "utf-8")
    assert policy.find("permit_all", tmp_path, POLICIES) == POLICIES / "permit_all.cedar"
    assert policy.find("own.cedar", tmp_path, POLICIES) == own
    assert policy.find(str(own), Path(), POLICIES) == own
    with pytest.raises(
        DeclarationError, match=r"no policy 'own'; bundled are by_privilege, by_reversibility, by_sensitivity"
    ):
        policy.find("own", tmp_path, POLICIES)
    with pytest.raises(DeclarationError, match="No such file"):
        policy.read(Path("nowhere.cedar"), POLICIES)


def test_a_control_model_names_its_policy(tmp_path):
    """By name or by a path beside its own file; what it says is read with it, and trouble is that of the policy."""
    (tmp_path / "own.cedar").write_text(PERMIT, "utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(f'extends = "{CONTROL}"\n[decision]\npolicy = "own.cedar"\nchanges_to = "plan_only"\n', "utf-8")
    mine = model.load(path, policies=POLICIES)
    assert (mine.policy.name, mine.successor.name, mine.policy.text) == ("own", "plan_only", PERMIT)
    (tmp_path / "own.cedar").write_text("permit (principal, action, resource) when { context.tier == 1 };", "utf-8")
    with pytest.raises(DeclarationError, match=r"own\.cedar:1: attribute `tier` not found in context"):
        model.load(path, policies=POLICIES)
    with pytest.raises(DeclarationError, match=r"decision\.policy: nobody said where policies lie"):
        model.load(path)
    with pytest.raises(DeclarationError, match=r"mine\.toml: policy: "):
        model.load(path, {"policy": {"name": "x"}}, policies=POLICIES)


def test_a_hash_is_of_what_is_said():
    """Comments and layout leave the hash alone, another word does not."""
    schema = (POLICIES / policy.SCHEMA).read_text("utf-8")
    one, two, other = (
        policy.written("x", text, schema, "x")
        for text in (PERMIT, "// why\npermit(principal,\n action, resource);", PERMIT.replace("permit", "forbid"))
    )
    assert one.hash == two.hash != other.hash
    assert 0 <= one.id < 2**63


# A vocabulary that is wider than the bundled schema: numbers, texts, tags, records, hierarchies.
NAMES = ("a", "ab", "b")
agents = st.builds(
    Entity,
    st.sampled_from([Uid("Agent", name) for name in NAMES]),
    st.fixed_dictionaries(
        {"age": st.integers(-2, 6), "team": st.sampled_from([Uid("Team", name) for name in NAMES])},
        optional={"word": st.sampled_from(NAMES), "busy": st.booleans()},
    ),
    st.frozensets(st.sampled_from([Uid("Team", name) for name in NAMES])),
    st.dictionaries(st.sampled_from(NAMES), st.integers(0, 2)),
)
groups = st.builds(
    Entity,
    st.sampled_from([Uid("Group", name) for name in NAMES]),
    st.fixed_dictionaries({
        "tier": st.integers(0, 4), "teams": st.frozensets(st.sampled_from([Uid("Team", name) for name in NAMES])),
    }),
    st.frozensets(st.sampled_from([Uid("System", name) for name in NAMES])),
)  # fmt: skip
contexts = st.fixed_dictionaries(
    {
        "intent": st.sampled_from(NAMES),
        "approval": st.integers(0, 3),
        "planned": st.booleans(),
        "reversible": st.booleans(),
    },
    optional={"more": st.fixed_dictionaries({"depth": st.integers(0, 2), "by": st.sampled_from(NAMES)})},
)
questions = st.builds(Question, agents, st.sampled_from(["read", "write"]), groups, contexts)

numbers = st.deferred(lambda: st.one_of(
    st.integers(-1, 5).map(str),
    st.sampled_from(["principal.age", "resource.tier", "context.approval", "context.more.depth"]),
    st.tuples(numbers, st.sampled_from(["+", "-", "*"]), numbers).map(lambda each: f"({' '.join(each)})"),
    st.sampled_from(NAMES).map('principal.getTag("{}")'.format),
    numbers.map("-({})".format),
))  # fmt: skip
texts = st.one_of(
    st.sampled_from(NAMES).map('"{}"'.format), st.sampled_from(["context.intent", "principal.word", "context.more.by"])
)
ORDERS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
conditions = st.deferred(lambda: st.one_of(
    st.sampled_from([
        "context.planned", "principal.busy", "principal has word", "context has more", "resource in principal.team",
        "context.reversible", "context.reversible == context.planned",
        "principal in resource.teams", "resource.teams.contains(principal.team)", 'principal in [Team::"a", Team::"b"]',
        'principal == Agent::"a"', "principal is Agent", 'principal is Agent in Team::"b"', 'resource in System::"a"',
        'principal.team == Team::"ab"', 'Team::"b" != principal.team', '["a", "b"].contains(context.intent)',
        "[1, 3].contains(resource.tier)", '{depth: 1, by: "a"} == context.more', 'action == Action::"read"',
        "context.more.depth == context.approval", 'action in [Action::"read", Action::"x"]', '"a" == principal.age',
        "[resource.tier].contains(principal.age)", "principal.age == true", "principal.hasTag(context.intent)",
        'resource.teams.containsAny([Team::"a"])', "resource.teams.isEmpty()",
    ]),
    st.tuples(numbers, ORDERS, numbers).map(" ".join),
    st.tuples(texts, st.sampled_from(["==", "!="]), texts).map(" ".join),
    st.tuples(texts.filter(lambda each: '"' not in each), st.sampled_from(["a*", "*b", "?"])).map(
        lambda each: f'{each[0]} like "{each[1]}"'
    ),
    conditions.map("!({})".format),
    st.tuples(conditions, st.sampled_from(["&&", "||"]), conditions).map(lambda each: "({}) {} ({})".format(*each)),
    st.tuples(conditions, conditions, conditions).map(lambda each: "(if {} then {} else {})".format(*each)),
))  # fmt: skip
SCOPES = st.sampled_from([
    "principal, action, resource", 'principal == Agent::"a", action, resource',
    'principal in Team::"a", action == Action::"read", resource', "principal is Agent, action, resource is Group",
    'principal is Agent in Team::"b", action in [Action::"write"], resource in System::"b"',
    'principal, action, resource == Group::"ab"',
])  # fmt: skip
parts = st.tuples(
    st.sampled_from(["permit", "permit", "forbid"]), SCOPES, st.sampled_from(["when", "unless"]), conditions
)
policies = st.lists(parts.map(lambda each: "{} ({}) {} {{ {} }};".format(*each)), min_size=1, max_size=3).map("\n".join)


def directly(text, question):
    """What Cedar answers, asked about this question alone."""
    entities = [question.principal.said, question.resource.said]
    return cedarpy.is_authorized(question.said, text, json.dumps(entities)).allowed


several = st.lists(questions, min_size=2, max_size=12)


@settings(max_examples=100)
@given(policies, several)
def test_a_class_is_answered_as_each_of_its_questions(text, asked):
    """What is remembered for a class is what Cedar says of each question in it, whatever a policy reads."""
    answered_alike(text, asked)


@pytest.mark.soak
@settings(max_examples=3000)
@given(policies, several)
def test_a_class_of_any_policy_is_answered_as_its_questions(text, asked):
    """The same of many more policies."""
    answered_alike(text, asked)


def answered_alike(text, asked):
    """All at once and one by one there is one answer to each question, which is Cedar's."""
    judge = Judge(Policy("x", text, "0" * 32))
    assert [judge.allows(question) for question in asked] == [directly(text, question) for question in asked]
    assert Judge(Policy("x", text, "0" * 32)).answers(asked) == [directly(text, question) for question in asked]
    assert judge.asked == len(asked) >= len(judge)


def question(**context):
    """Somebody writes to a group of tier 3."""
    agent = Entity(Uid("Agent", "1"), {"age": context.pop("age", 1), "team": Uid("Team", "a")})
    group = Entity(Uid("Group", "a"), {"tier": 3, "teams": frozenset()})
    return Question(
        agent, "write", group, {"intent": "a", "planned": True, "reversible": True, "approval": 0, **context}
    )


@pytest.mark.parametrize(
    ("condition", "ages", "classes"),
    [
        ("principal.age > 2", range(6), 3),
        ("principal.age >= 2 && principal.age < 4", range(6), 5),
        ("principal.age == 2", range(6), 3),
        ("principal.age + 0 > 2", range(6), 6),
        ("context.planned", range(6), 1),
    ],
)
def test_what_a_policy_cannot_tell_apart_is_asked_once(condition, ages, classes):
    """A number matters by its place among those it is compared with, unless it is reckoned with."""
    judge = Judge(Policy("x", f"permit (principal, action, resource) when {{ {condition} }};", "0" * 32))
    for age in ages:
        judge.allows(question(age=age))
    assert (judge.asked, len(judge)) == (len(ages), classes)


@pytest.mark.parametrize(
    ("condition", "tier"),
    [("true", 0), ("context.approval >= 2", 2), ("context.approval == 3", 3), ("context.approval > 3", None)],
)
def test_the_smallest_approval_that_turns_no_into_yes_is_required(condition, tier):
    """What no approval turns into yes is forbidden."""
    judge = Judge(Policy("x", f"permit (principal, action, resource) when {{ {condition} }};", "0" * 32))
    assert judge.requirement(question()) == tier
