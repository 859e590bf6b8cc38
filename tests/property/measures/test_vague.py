"""Every measure where not all is known, against its slow second computation of the least and the most there can be."""

from dataclasses import replace

import pytest

from tests.ledgers import UNKNOWN
from tests.property.measures.authority import excess_and_justified, privilege_hours
from tests.property.measures.by_task import days_a_task, exposure_per_task
from tests.property.measures.chance import some
from tests.property.measures.forensic import forensics
from tests.property.measures.spans import SHARES, ends
from tests.property.measures.staleness import stale_access, stale_tail, tails
from tests.property.measures.test_measures import TRIED, asked
from tests.property.measures.unused import unused_permissions
from tests.property.measures.vague import at_least, at_most, lives, vague

# Kinds of ledgers on which bounds come from nothing but that. Elsewhere they are of something else as well: which of
# two keys is the later one, who is there, what an inventory lists, at which instant a credential was issued.
OF_EXTENT = (
    "any", "looked up", "left behind", "planned", "delegated", "told apart", "handed", "chained", "granting", "lasting",
    "granted",
)  # fmt: skip
EXACT = {"secret_exposure", "realised_radius", "exceedance", "tail_radius", "dormancy", "orphans"}
# What a log leaves open of answers, and nothing of credentials: see test_blank_answers and test_asked_at_once.
ELSEWHERE = {"approval_reach", "approvals"}
KINDS = {kind: [oracle for oracle in TRIED[kind][1] if oracle.__name__ not in EXACT | ELSEWHERE] for kind in OF_EXTENT}
# In these a token may be issued before its holder is given what it opens, and a life may end at a later need.
SEEDS = {"looked up": 16, "any": 1}
# Most measures are tried on it, and most of those on no other kind.
APART = ("any",)
# No closer than that: what was cut off, and who asked on whose behalf, a log seldom says; a slope may rise by what is
# late and fall by what is early; what may be come to hold is the most of the one less the least of the other; what an
# issuer would have granted for a secret on a host hangs on the instant, and is not more if that is earlier; a curve of
# Kaplan and Meier may fall sooner where one lasts longer (test_soonest).
LOOSE = {
    *(("time_to_revoke", stat) for stat in (*SHARES, "restricted_mean")),
    ("cascade", "cut"),
    ("forensics", "behalf"),
    ("forensics", "delegation"),
    ("accumulation", "slope_per_day"),
    ("annual_loss", "all"),
    ("annual_loss", "at_issue"),
    ("annual_loss", "t5_bootstrap"),
    ("escalation", "group"),
    ("escalation", "system"),
}

# What a token opens that is looked up at use is bounded by all that its holder may be given meanwhile.
LOOSE_IN = {"looked up": {("annual_loss", "t1a"), ("annual_loss", "all_but_bootstrap")}}
# No further down than that: what may have begun after one need and ended before another, which is not the next.
LOOSE_ABOVE = {("stale_access", "never_used")}


def drawn(kinds, number=16):
    """Random ledgers of each kind, of which not all is known."""
    of = {kind: vague(TRIED[kind][0], conditions=kind != "delegated").map(decided) for kind in kinds}
    return {kind: some(each, number, f"{kind} {SEEDS.get(kind, 6)}") for kind, each in of.items()}


def decided(ledger):
    """The same, but a call of unknown outcome was not let in: what that leaves open is test_doubted_calls."""
    events = [replace(e, decision=e.decision or "deny") if e.kind == "use" else e for e in ledger.events]
    return ledger.having(events=events)


@pytest.fixture(scope="module")
def told(bounded):
    """What measures say of some of each kind."""
    return asked(bounded, drawn(KINDS), KINDS, APART)


@pytest.mark.parametrize("kind", KINDS)
def test_bounds_are_what_the_least_and_the_most_are_measured_as(told, kind):
    """Where ends and conditions are not known, a measure's bounds are its values of the least and of the most."""
    ledgers, said = told[kind]
    for oracle in KINDS[kind]:
        for ledger, answer in zip(ledgers, said[oracle.__name__], strict=True):
            expected = between_them(oracle, ledger)
            for part, found in answer.items():
                agree((oracle.__name__, part), found, expected[part], LOOSE | LOOSE_IN.get(kind, set()))


def between_them(oracle, ledger):
    """The bounds of each part. Where it is not certain which tails there are, a quantile of them has none."""
    least, most = at_least(ledger), at_most(ledger)
    if oracle is stale_tail and tails_used(least) != tails_used(most):
        return dict.fromkeys(oracle(most), (UNKNOWN, UNKNOWN))
    if oracle is stale_access:
        return stale(ledger)
    if oracle is unused_permissions:
        return oracle(ledger)
    on_log = {"log": True} if oracle is forensics else {}
    one, other = oracle(least, **on_log), oracle(most, **on_log)
    found = {part: spanned(one[part], other[part]) for part in one}
    if oracle is privilege_hours:
        found |= excess_and_justified(least, most)
    if oracle is exposure_per_task:
        days = days_a_task(most)
        found["stale task"] = tuple(UNKNOWN if days is UNKNOWN else days * end for end in stale(ledger)["total"])
    return found


def stale(ledger):
    """What outlives its last need is not least in the shortest life, nor most in the longest: any life may be."""
    parts = {part: [0, 0] for part in ("used", "never_used", "total")}
    for surely, each in lives(ledger):
        values = list(map(stale_access, each))
        for part, bounds in parts.items():
            told = [value[part] for value in values] + ([] if surely else [0])
            bounds[:] = bounds[0] + min(told), bounds[1] + max(told)
    return {part: tuple(bounds) for part, bounds in parts.items()}


def tails_used(ledger):
    """How long each tail is, and whether the window cut it."""
    return sorted((tail, cut) for _, tail, _, used, cut in tails(ledger) if used)


def spanned(least, most):
    """The lower and the upper of two values, each of which may have bounds of its own."""
    one, other = ends(least), ends(most)
    return (one[0], other[1]) if UNKNOWN in (*one, *other) or one <= other else (other[0], one[1])


def agree(about, found, expected, loose):
    """Bounds are these; of what is loose, they are no closer."""
    lo, hi = (None if value is UNKNOWN else float(value) for value in expected)
    if about in loose:
        lo = found.lo if found.lo is None or found.lo <= lo + 1e-9 else lo
    if about in loose | LOOSE_ABOVE:
        hi = found.hi if found.hi is None or found.hi >= hi - 1e-9 else hi
    wanted = (value if value is None else pytest.approx(value, rel=1e-9, abs=1e-12) for value in (lo, hi))
    assert (about, *found[:2]) == (about, *wanted)
