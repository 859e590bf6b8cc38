"""Random ledgers, crowded enough for things to meet, on a grid of half seconds."""

from dataclasses import replace

from tests.ledgers import (
    DAY,
    HOUR,
    NEVER,
    TWO_JEWELS,
    UNKNOWN,
    Action,
    Credential,
    Decision,
    Demand,
    Event,
    Grant,
    Incident,
    Leak,
    Ledger,
    Life,
    Member,
    Need,
    Owner,
    Policy,
    Possessor,
    Reach,
    Step,
    Task,
    Trust,
)
from tests.property.measures import chance as st
from tests.property.measures.doubts import settled
from tests.property.measures.lifetimes import CLOUDS
from tests.property.measures.reach import STRUCK

NAMES = tuple(atom.name for atom in TWO_JEWELS)
AGENTS, WINDOW = 2, 12
# Numbered otherwise in one run than in another, so that no run is taken for another.
catalogues = st.sampled_from((TWO_JEWELS, TWO_JEWELS[::-1]))
whole = st.integers(-4, WINDOW + 4)
in_halves = st.integers(-8, 2 * WINDOW + 8).map(lambda n: n / 2)
agent_numbers = st.integers(0, AGENTS - 1)
owners = st.builds(
    Owner, agent_numbers, st.one_of(st.just(-NEVER), whole), st.one_of(st.just(NEVER), whole),
    st.sampled_from(("owner", "escalation")),
)  # fmt: skip
atom_sets = st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True).map(tuple)
lengths = st.one_of(st.integers(0, 12), st.just(NEVER))
bindings = st.sampled_from(("bearer", "audience", "key_exportable", "key_bound", "context_bound"))


@st.composite
def credentials(draw):
    """Any credential: before, in, across and after the window, empty or endless, refused early here and there."""
    starts = draw(whole)
    return Credential(
        atoms=draw(atom_sets), starts=starts, ends=starts + draw(lengths), agent=draw(agent_numbers),
        refused=draw(st.dictionaries(st.sampled_from(("near", "far")), whole, max_size=2)),
        task=draw(st.one_of(st.none(), st.integers(0, 5))), binding=draw(bindings), enforced=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def looked_up(draw):
    """A ledger in which verifiers ask assignments, as they come and go, about most credentials."""
    drawn, asks = draw(ledgers()), st.sampled_from(("looked_up", "both", "baked"))
    held = [replace(each, resolved=draw(asks)) for each in drawn.credentials]
    grants = [
        Grant(draw(atom_sets), draw(st.one_of(st.just(-NEVER), whole)), draw(st.one_of(st.just(NEVER), whole)), agent)
        for agent in (0, 0, 0, 1, 1)
    ]
    return drawn.having(credentials=held, grants=grants)


@st.composite
def live_credentials(draw):
    """Credentials that every verifier accepts for a while in the window."""
    starts = draw(st.integers(-4, WINDOW - 1))
    later = st.integers(max(starts, 0) + 1, WINDOW + 4)
    return Credential(
        atoms=draw(atom_sets), starts=starts, ends=draw(st.one_of(later, st.just(NEVER))), agent=draw(agent_numbers),
        refused=draw(st.dictionaries(st.sampled_from(("near", "far")), later, max_size=2)),
        task=draw(st.one_of(st.none(), st.integers(0, 5))),
    )  # fmt: skip


@st.composite
def left_behind(draw):
    """A ledger of tasks most of which are over, and of credentials most of which are theirs and end in the window.

    One agent may have been abandoned since.
    """
    drawn = draw(ledgers(live_credentials()))
    over, ends = st.integers(1, WINDOW - 1), st.integers(WINDOW - 5, WINDOW + 1)
    tasks = [each if each.ended is None else replace(each, ended=max(each.started, draw(over))) for each in drawn.tasks]
    theirs = st.sampled_from([each.id for each in tasks if each.ended is not None] or [0])
    held = [
        replace(c, task=draw(theirs), starts=min(c.starts, 4), ends=draw(ends)) if draw(st.integers(0, 3)) else c
        for c in drawn.credentials
    ]
    lives = [Life(1, -DAY, draw(st.sampled_from((WINDOW - 1, NEVER))))]
    return drawn.having(tasks=tasks, credentials=held, lives=lives)


def handed_keys():
    """Credentials of several kinds, many of them handed over by a person."""
    kinds = st.sampled_from(("static_key", "access_key", "session_token", "break_glass"))
    return st.builds(Credential, atom_sets, whole, st.just(NEVER), agent_numbers, kind=kinds, handed=st.booleans())


@st.composite
def emergencies(draw):
    """A ledger with emergency accesses, some of which somebody has looked at."""
    drawn, moments = draw(ledgers(handed_keys())), st.lists(st.tuples(st.integers(0, 4), whole), max_size=3)
    looked = [Event("review", time, issued=number) for number, time in draw(moments)]
    return drawn.having(events=[*drawn.events, *looked])


# A credential that lives in the window and of which one end, or both, is not known.
open_ended = st.builds(Credential, atom_sets, st.just(2), st.just(UNKNOWN), agent_numbers)
half_known = st.builds(Credential, atom_sets, st.just(UNKNOWN), st.sampled_from((9, UNKNOWN)), agent_numbers)


@st.composite
def needs(draw):
    """A need of one of an agent's tasks; an empty one lies between two whole seconds."""
    agent, starts, takes = draw(agent_numbers), draw(in_halves), draw(st.integers(0, 8)) / 2
    starts = starts if takes or starts % 1 else starts + 0.5
    return Need(
        draw(st.sampled_from(NAMES)), starts, starts + takes, agent, task=2 * draw(st.integers(0, 2)) + agent,
        asked=starts - draw(st.integers(0, 6)) / 2, met=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def trusts(draw):
    """What an issuer would grant to an agent, for a while or always."""
    starts = draw(st.one_of(whole, st.just(-NEVER)))
    lasts = st.one_of(st.integers(1, 12), st.just(NEVER))
    ends = draw(st.one_of(whole, st.just(NEVER))) if starts == -NEVER else starts + draw(lasts)
    gate = draw(st.sampled_from(("none", "rule", "classifier", "human", "issuer")))
    permit = 0 if gate in {"human", "issuer"} else 1000
    secret = draw(st.sampled_from(("none", "static_secret", "attested")))
    by_owner = gate == "human" and draw(st.booleans())
    retried = draw(st.sampled_from((permit, 1000)))
    return Trust(draw(atom_sets), starts, ends, draw(agent_numbers), gate, permit, secret, by_owner, retried)


@st.composite
def task_trees(draw):
    """Three to six tasks, of which an even one can be the parent of the next."""
    made = []
    for number in range(draw(st.integers(3, 6))):
        arrived = draw(st.integers(-8, WINDOW + 4))
        started = draw(st.one_of(st.none(), st.just(arrived + 1)))
        ended = None if started is None else draw(st.one_of(st.none(), st.integers(started, started + 9)))
        outcome = "open" if ended is None else draw(st.sampled_from(("completed", "broken")))
        parent = number - 1 if number % 2 and started is not None and draw(st.booleans()) else None
        known = arrived if parent is None else None
        made.append(Task(number, started, ended, outcome, number % AGENTS, parent, known))
    return tuple(made)


@st.composite
def human_decisions(draw):
    """Approvals that were looked at, and answered before the window's end if they were asked before, or still are."""
    asked = draw(in_halves)
    ends = max(asked, WINDOW - 0.5)
    began = min(ends, asked + draw(st.integers(0, 6)) / 2)
    decided = min(ends, began + draw(st.integers(0, 6)) / 2)
    result, kind = draw(st.sampled_from(("allow", "deny"))), draw(st.sampled_from(("human", "timeout")))
    if (kind, decided) == ("human", WINDOW - 0.5):
        return Decision(asked, UNKNOWN, began, UNKNOWN)
    return Decision(asked, decided, began, result, kind)


moments_of_change = st.integers(-2, WINDOW + 2)


@st.composite
def events(draw):
    """Events of every kind that a measure reads."""
    some = st.one_of(st.none(), st.integers(0, 3))
    kinds = ("use", "use", "issue", "renew", "assume", "decide", "revoke", "request_approval")
    return Event(
        kind=draw(st.sampled_from(kinds)), time=draw(in_halves), credential=draw(some), issued=draw(some),
        task=draw(st.one_of(st.none(), st.integers(0, 5))), action=draw(some),
        decision=draw(st.sampled_from(("allow", "allow", "deny", "deny", None))), takes=draw(st.integers(0, 6)) / 2,
        atom=draw(st.sampled_from((None, *NAMES))), approval=draw(st.sampled_from((None, 0, 1))),
        args=draw(st.integers(0, 1)), policy=draw(st.integers(7, 8)), cached=draw(st.booleans()),
        reason=draw(st.sampled_from((None, "incident"))), through=draw(st.sampled_from((None, None, "a service"))),
    )  # fmt: skip


@st.composite
def planned(draw):
    """A ledger crowded with calls of a few tasks and decisions on them, in plans and beyond them."""
    reasons = st.sampled_from(("planned", "planned", "discovered"))
    actions = [
        Action(draw(st.integers(0, 2)), atom=draw(st.sampled_from(NAMES)), reason=draw(reasons)) for _ in range(4)
    ]
    calls = draw(st.lists(calls_of_tasks(), min_size=8, max_size=16))
    return Ledger(
        seconds=WINDOW,
        agents=AGENTS,
        catalogue=draw(catalogues),
        tasks=draw(task_trees()),
        actions=actions,
        events=calls,
    )


@st.composite
def calls_of_tasks(draw):
    """A call, or a decision on one or on a whole task; a human is asked about one."""
    time, results = draw(in_halves), st.sampled_from(("allow", "allow", "deny"))
    action, atom = draw(st.sampled_from((None, 0, 1, 2, 3))), draw(st.sampled_from((None, *NAMES)))
    kind = draw(st.sampled_from(("use", "use", "use", "decide", "decide_approval")))
    action = 0 if kind == "decide_approval" and action is None else action
    return Event(
        kind, time, decision=draw(results), args=0,
        task=draw(st.sampled_from((0, 1, 2, None))), action=action, atom=atom if action is None else None,
        credential=draw(st.sampled_from((None, None, 0))), approval=draw(st.sampled_from((None, 0, 1))),
        agent=draw(agent_numbers),
        ready=draw(st.sampled_from((None, time - 0.5, time - 3))),
    )  # fmt: skip


@st.composite
def answers_to(draw, action):
    """What humans answered to a request for an action, with the arguments that were shown to the last; or none."""
    results, args = st.sampled_from(("allow", "allow", "deny")), draw(st.integers(0, 1))
    shown = Event("decide_approval", draw(whole), action=action, approval=action, args=args, decision=draw(results))
    before = replace(shown, approval=action + 10, agent=draw(agent_numbers), decision=draw(results))
    return draw(st.sampled_from(([], [shown], [before, shown], [before, shown])))


@st.composite
def attacks(draw):
    """Incidents, some of which nobody notices, and what the attackers tried."""
    some = st.one_of(st.none(), st.integers(0, WINDOW + 2))
    made = draw(st.lists(st.builds(
        Incident, st.integers(-2, WINDOW + 2), st.sampled_from(STRUCK[:3]), agent_numbers, some, some
    ), max_size=4))  # fmt: skip
    # Nobody notices what has not happened.
    made = [each if each.detected is None else replace(each, detected=max(each.detected, each.time)) for each in made]
    which = st.integers(0, len(made) - 1)
    steps = st.builds(Step, which, in_halves, st.sampled_from(NAMES), st.booleans())
    return made, draw(st.lists(steps, max_size=8)) if made else []


@st.composite
def ledgers(draw, held=None, unknown=()):
    """A ledger crowded enough for things to meet; some have a credential that is not wholly known."""
    several = {"min_size": 2, "max_size": 5}
    strays = [draw(st.one_of(*unknown))] if unknown and draw(st.integers(0, 3)) == 3 else []
    held = draw(st.lists(credentials() if held is None else held, **several))
    incidents, steps = draw(attacks())
    copies = st.builds(Leak, st.integers(0, len(held) - 1), whole, in_halves)
    return Ledger(
        seconds=WINDOW, agents=AGENTS, catalogue=draw(catalogues), credentials=[*held, *strays],
        needs=draw(st.lists(needs(), min_size=4, max_size=9)), trusts=draw(st.lists(trusts(), max_size=2)),
        tasks=draw(task_trees()), decisions=draw(st.lists(human_decisions(), **several)),
        events=[*draw(st.lists(events(), min_size=4, max_size=9)), *draw(answers_to(0)), *draw(answers_to(1))],
        owners=draw(st.lists(owners, max_size=2)),
        policies=[Policy(7), Policy(8, draw(moments_of_change))],
        incidents=incidents, steps=steps, leaks=draw(st.lists(copies, max_size=3)),
    )  # fmt: skip


def old_keys(agent):
    """Keys and other credentials about ninety days old, many of which never end."""
    born = st.integers(-90 * DAY - 3, -90 * DAY + WINDOW + 3)
    kinds = st.sampled_from(("static_key", "access_key", "session_token", "break_glass"))
    ends = st.sampled_from((NEVER, NEVER, WINDOW + 1))
    return st.builds(Credential, atom_sets, born, ends, st.just(agent), kind=kinds)


@st.composite
def governed(draw):
    """A ledger with a third agent that may have been abandoned, teams, grants, reviews, renewals and shadows."""
    drawn = draw(indebted())
    life = Life(2, draw(st.integers(-90 * DAY - 9, -90 * DAY + 9)), draw(st.sampled_from((-7, 3, WINDOW - 1, NEVER))))
    agent = st.integers(0, 2)
    spans = st.sampled_from(((-400 * DAY, -200 * DAY), (-20, -5), (-5, 4), (4, NEVER), (-NEVER, 6), (-NEVER, NEVER)))
    grants = [Grant([draw(st.sampled_from(NAMES))], *draw(spans), draw(agent)) for _ in range(3)]
    roles, teams = st.sampled_from(("owner", "owner", "escalation")), st.sampled_from((None, 0, 1))
    owned = [Owner(draw(agent), *draw(spans), draw(roles), draw(teams), draw(st.booleans())) for _ in range(4)]
    members = [Member(team, *draw(spans)) for team in draw(st.sampled_from(((0, 1, 1), (0, 1, 1), (1, 1), ())))]
    reviews = [
        Event("review", draw(st.sampled_from((-100 * DAY, -90 * DAY + 2, -5))), target=draw(agent)) for _ in range(2)
    ]
    reviews += [Event("review", draw(whole), issued=n) for n in draw(st.sets(st.integers(0, 5), max_size=2))]
    had = st.builds(Possessor, st.integers(0, len(drawn.credentials) - 1), st.one_of(whole, st.just(-NEVER)), whole)
    renewals = [Event("renew", 1, issued=n, credential=n + 5) for n in draw(st.sets(st.integers(0, 2), max_size=3))]
    return drawn.having(
        agents=3, lives=[life], credentials=[*drawn.credentials, draw(old_keys(2))], grants=grants, owners=owned,
        members=members, shadows=sorted(draw(st.sets(agent, max_size=3))),
        events=[*drawn.events, *reviews, *renewals], possessors=draw(st.lists(had, max_size=3)),
        joint=sorted(draw(st.sampled_from(((), (), (), (0,))))),
    )  # fmt: skip


@st.composite
def indebted(draw):
    """A ledger in which some credentials are old keys."""
    drawn = draw(ledgers())
    held = [*drawn.credentials, *(draw(old_keys(agent)) for agent in range(AGENTS))]
    return drawn.having(credentials=held, events=settled(drawn.events))


@st.composite
def lasting(draw):
    """A day in which tasks need things for seconds and for hours, some with waits, some under way at its end."""
    spans = st.sampled_from((0.5, 45, 60, 60.5, 299.5, 300, 901, 3600, 3700, 14_401, 30_000))
    starts, waits = (
        st.sampled_from((-900, 0, 60.5, 400, 7200, DAY - 4000, DAY - 0.5)),
        st.sampled_from((0, 0, 20, 3000)),
    )
    call = st.tuples(starts, spans, waits, st.integers(0, 5), st.sampled_from(NAMES))
    calls = draw(st.lists(call, min_size=8, max_size=18))
    on = st.sampled_from((None, "untold", *(each.name for each in CLOUDS)))
    return Ledger(
        seconds=DAY, agents=AGENTS, catalogue=[replace(atom, platform=draw(on)) for atom in draw(catalogues)],
        platforms=CLOUDS,
        needs=[Need(atom, s, s + takes, n % AGENTS, n, asked=s - waits) for s, takes, waits, n, atom in calls],
        tasks=[Task(n, -900, draw(st.sampled_from((None, 9000, DAY - 1, DAY))), agent=n % AGENTS) for n in range(6)],
    )  # fmt: skip


DESKS = ("desk", "ticket", "owner", "on_call")


def begun(asked):
    """When an inspection began, if it ever did."""
    return st.sampled_from((asked + 7, UNKNOWN))


@st.composite
def reachable(draw):
    """Privileged uses within three days, some approved, and entries that lead to somebody at times."""
    hours = st.integers(-30, 75).map(lambda n: n * HOUR)
    opens = draw(st.integers(0, 20))
    desk = {"opens": opens, "closes": draw(st.integers(opens + 1, 24)), "weekends": draw(st.booleans())}
    uses = [
        Event("use", draw(hours), agent=draw(agent_numbers), atom=draw(st.sampled_from(NAMES)), action=n,
              approval=draw(st.sampled_from((None, 0, 1))), decision=draw(st.sampled_from(("allow", "allow", "deny"))))
        for n in range(5)
    ]  # fmt: skip
    answers = [
        Event("decide_approval", draw(hours), action=n, approval=n % 2, takes=draw(st.integers(0, 3)) * HOUR,
              reason=draw(st.sampled_from(("approver", "timeout"))), asked="owner")
        for n in draw(st.lists(st.integers(0, 4), max_size=4))
    ]  # fmt: skip
    words = st.sampled_from(("owner", "second", "on_call"))
    known = st.builds(Reach, words, st.sampled_from((0, 1)), hours, st.one_of(hours, st.just(NEVER)))
    unknown = st.builds(Reach, st.just("owner"), agent_numbers, st.just(UNKNOWN), st.just(UNKNOWN))
    reaches = draw(st.lists(st.one_of(known, known, known, unknown), max_size=5))
    reaches = [replace(r, agent=None) if r.asked == "on_call" else r for r in reaches]
    return Ledger(
        catalogue=draw(catalogues), seconds=72 * HOUR, agents=AGENTS, scenario={"approvers": desk}, reaches=reaches,
        events=[*uses, *answers],
    )  # fmt: skip


@st.composite
def offices(draw):
    """Work and inspections in a window of hours, over a desk with opening hours that is open in it at some time."""
    hours, opens = draw(st.integers(24, 60)), draw(st.integers(0, 20))
    desk = {"staff": draw(st.integers(1, 3)), "opens": opens, "closes": draw(st.integers(opens + 1, 24))}
    law = {"inspection_median_s": draw(st.integers(1, 100)), "inspection_sigma": draw(st.sampled_from((0, 0.8)))}
    fleet, desk = {"concurrency": draw(st.integers(1, 3))}, {**desk, **law, "weekends": draw(st.booleans())}
    moments = st.integers(-2 * HOUR, (hours + 2) * HOUR)
    arrived = draw(st.lists(moments, min_size=1, max_size=4))
    asked = draw(st.lists(moments, max_size=4))
    spans = st.integers(0, 5000)
    return Ledger(
        seconds=hours * HOUR, agents=draw(st.integers(1, 3)),
        scenario={"fleet": fleet, "approvers": desk},
        tasks=[Task(number, arrived=time) for number, time in enumerate(arrived)],
        actions=[Action(draw(st.integers(0, len(arrived) - 1)), draw(spans), draw(spans)) for _ in range(5)],
        decisions=[Decision(0, 50, 10), *(Decision(time, time + 60, draw(begun(time))) for time in asked)],
        events=[Event("escalate", time, asked=draw(st.sampled_from(DESKS))) for time in asked],
        demands=[Demand(n, draw(st.integers(1, 9)), draw(st.sampled_from(DESKS))) for n in range(len(arrived))],
    )  # fmt: skip
