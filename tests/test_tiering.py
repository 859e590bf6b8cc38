"""Two policies over the same work: how much of it each puts in which tier, counted apart from the engine's way."""

import csv
import io
import json
from collections import Counter, defaultdict

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outlive
from outlive.cli import main
from outlive.tiering import agreement, crossed, tiering
from sim.control import model, policy
from tests.property.rules import Run
from tests.worlds import POLICIES, Do, Work, bundled_policy, control, world

TIERS = ["allowed", "tier 1", "tier 2", "tier 3", "forbidden"]
PER_TASK = POLICIES.parent / "controls" / "per_task.toml"
SAMPLES = sorted((POLICIES.parent / "samples" / "tierings").glob("*.toml"))
NAMES = ["permit_all", "plan_only", "by_sensitivity", "by_privilege", "by_reversibility"]
WORKS = [
    Work([Do("read notes"), Do("write notes"), Do("write notes"), Do("write money", planned=False)]),
    Work([Do("read notes"), Do("read money", planned=False)], children=[Work([Do("write money")])], agent=1),
]


def rows(workload, one, other):
    """What is told of each pair of tiers: kinds of action and actions."""
    found = tiering(workload, bundled_policy(one), bundled_policy(other))
    assert found["share"].sum() == pytest.approx(1)
    return {(row.policy, row.against): (row.asks_for, row.kinds, row.actions) for row in found.itertuples()}


def test_a_small_world_is_as_a_pencil_has_it():
    """Writing notes is irreversible and money is sensitive; a plan names what the sub-agents' plans name."""
    assert rows(world(WORKS), "by_sensitivity", "by_privilege") == {
        ("allowed", "allowed"): ("the same", 2, 3),
        ("allowed", "tier 1"): ("more", 1, 2),
        ("tier 2", "tier 1"): ("less", 2, 2),
    }
    assert rows(world(WORKS), "plan_only", "by_reversibility") == {
        ("allowed", "allowed"): ("the same", 2, 3),
        ("allowed", "tier 3"): ("more", 1, 2),
        ("forbidden", "allowed"): ("less", 2, 2),
    }


def counted(workload, one, other):
    """The same from each action of each tree, by what the policies are meant to say."""
    run = Run(workload, control(), None)
    intents = dict(zip(workload.tasks.id.tolist(), workload.tasks.intent.tolist(), strict=True))
    actions, kinds = Counter(), defaultdict(set)
    for task in run.tasks.values():
        for action in task.actions:
            planned = action.atom in task.declared
            said = [run.says(name, task.agent, action.atom, planned) for name in (one, other)]
            pair = tuple(TIERS[4 if tier is None else tier] for tier in said)
            actions[pair] += 1
            kinds[pair].add((task.agent % len(workload.scenario.teams), intents[task.id], action.atom, planned))
    order = {-1: "less", 0: "the same", 1: "more"}
    return {
        pair: (order[(TIERS.index(pair[1]) > TIERS.index(pair[0])) - (TIERS.index(pair[1]) < TIERS.index(pair[0]))],
               len(kinds[pair]), number)
        for pair, number in actions.items()
    }  # fmt: skip


dos = st.builds(Do, st.sampled_from(["read notes", "write notes", "read money", "write money"]), planned=st.booleans())
works = st.builds(
    Work, st.lists(dos, max_size=4), st.lists(st.builds(Work, st.lists(dos, max_size=2)), max_size=2),
    agent=st.integers(0, 2),
)  # fmt: skip


@settings(max_examples=50)
@given(st.lists(works, min_size=1, max_size=4), st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_work_lies_where_each_policy_puts_it(roots, one, other):
    """Counted action by action, in any small world, under any two policies, it comes to the same."""
    workload = world(roots)
    if len(workload.actions.id):
        assert rows(workload, one, other) == counted(workload, one, other)


def test_without_work_there_is_nothing_to_tell():
    """A world in which nobody does anything has no row, and is told of without an error."""
    found = tiering(world([Work()]), bundled_policy("permit_all"), bundled_policy("plan_only"))
    assert found.empty
    assert list(crossed(found, "one", "other")["one / other"]) == ["all"]
    assert "other asks for the same of 0, for more of 0, for less of 0" in agreement(found, "other")


def test_a_policy_that_knows_agents_by_name_is_counted_agent_by_agent():
    """A kind of action that one agent of a team may do and another may not counts on both sides."""
    schema = (POLICIES / policy.SCHEMA).read_text("utf-8")
    own = policy.written("own", 'permit (principal == Agent::"0", action, resource);', schema, "own")
    workload = world([Work([Do("read notes")], agent=agent) for agent in (0, 1, 2)])
    found = tiering(workload, bundled_policy("permit_all"), own)
    assert found[["against", "kinds", "actions"]].to_numpy().tolist() == [["allowed", 1, 1], ["forbidden", 1, 2]]


def test_both_ways_tell_the_same():
    """Held the other way round, the table is turned, and more is less."""
    workload, turned = world(WORKS), {"more": "less", "less": "more", "the same": "the same"}
    there, back = (rows(workload, *names) for names in (NAMES[2:4], NAMES[3:1:-1]))
    assert {(b, a): (turned[asks], *rest) for (a, b), (asks, *rest) in back.items()} == there


def test_the_command_prints_a_table_and_rows(capsys):
    """People get tiers of the one down and of the other across; programs a row a pair; the figures are the same."""
    words = ["policies", "by_sensitivity", "--against", "by_privilege"]
    assert main(words) == 0
    text = capsys.readouterr().out
    assert main([*words, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main([*words, "--format", "csv"]) == 0
    assert len(list(csv.DictReader(io.StringIO(capsys.readouterr().out)))) == len(told)
    assert pd.DataFrame(told).equals(outlive.policies(words[1], against=words[3]).round({"share": 10}))
    less = [row for row in told if row["asks_for"] == "less"]
    assert [(row["policy"], row["against"]) for row in less] == [("tier 2", "tier 1")]
    assert f"for less of {less[0]['kinds']} ({100 * less[0]['share']:.1f} %)" in text
    assert " ".join(text.split()[:11]) == "by_sensitivity / by_privilege allowed tier 1 tier 2 tier 3 all"


def test_the_sample_models_differ_in_their_policy_alone():
    """A comparison of the three is one of tierings: each is `per_task` with the policy that it is called after."""
    base, *models = (model.load(path, lookup=lambda _: PER_TASK, policies=POLICIES) for path in (PER_TASK, *SAMPLES))
    assert [each.name for each in models] == ["by_privilege", "by_reversibility", "by_sensitivity"]
    knobs = base.without_logging()
    for each in models:
        told = each.without_logging()
        assert each.policy.name == each.name
        assert {key for key in knobs if told[key] != knobs[key]} == {"decision", "name"}
        assert {key for key, value in told["decision"].items() if value != knobs["decision"][key]} == {
            "policy",
            "source",
        }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--against", "by_privilege"], "--against by_privilege: which policy? Name it too"),
        (["by_privilege", "--against", "by_priviledge"], "no policy 'by_priviledge'; bundled are by_privilege, by_rev"),
        (["by_privilege", "--against", "none.cedar"], "none.cedar: No such file or directory"),
        (["{own}", "--against", "by_privilege"], "own.cedar:2: attribute `reversable` not found in context"),
        (["by_privilege", "--against", "{own}"], "own.cedar:2: attribute `reversable` not found in context"),
        (["by_privilege", "--against", "plan_only", "--scenario", "suport"], "no scenario 'suport'"),
    ],
)
def test_what_cannot_be_held_against_each_other_is_refused(words, said, tmp_path, capsys):
    """A policy that is not there, is wrong or is not named is told of in one line, with file and line."""
    own = tmp_path / "own.cedar"
    own.write_text("permit (principal, action, resource)\nwhen { context.reversable };\n", "utf-8")
    assert main(["policies", *(word.format(own=own) for word in words)]) == 1
    out, err = capsys.readouterr()
    assert said in err
    assert (out, err.count("\n")) == ("", 1)
