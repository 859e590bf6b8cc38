"""Every measure against a slow second computation, written from the definitions and without SQL, on random ledgers."""

import pytest

from analysis.measures.measure import measures
from tests.ledgers import DAY, HOUR, MONDAY, UNKNOWN, Writing
from tests.property.measures.approving import approval_peak, approval_value, asking, peaks
from tests.property.measures.authority import (
    crown_jewel_hours,
    permit_under_attack,
    privilege_hours,
    shadow_keys,
    zero_standing,
)
from tests.property.measures.by_task import exposure_per_task
from tests.property.measures.cascading import cascade, chained
from tests.property.measures.chance import some
from tests.property.measures.conduct import bound_actions, decisions, first_touch, plan_drift, scope_violations
from tests.property.measures.debt import identity_debt
from tests.property.measures.delegation import delegated, delegation
from tests.property.measures.drawn import (
    emergencies,
    governed,
    half_known,
    handed_keys,
    indebted,
    lasting,
    ledgers,
    left_behind,
    looked_up,
    offices,
    open_ended,
    planned,
    reachable,
)
from tests.property.measures.effective import effective_authority
from tests.property.measures.escalating import escalation, granting
from tests.property.measures.footprints import observed_footprint
from tests.property.measures.forensic import forensics, told_apart
from tests.property.measures.friction import (
    FOLLOWED,
    QUICK,
    added_latency,
    approval_radius,
    approval_reach,
    approvals,
    break_glass,
    issuance,
    offered_load,
    open_minutes,
    turnaround,
    work_done,
)
from tests.property.measures.gathered import STRETCH, accumulation
from tests.property.measures.hopping import reach_by_hops
from tests.property.measures.idling import dormancy, idling
from tests.property.measures.learning import learning, least_privilege
from tests.property.measures.lifetimes import MOST, NEAR, lifetime_choice
from tests.property.measures.losing import HAZARDS, annual_loss, called, exceedance, tail_radius
from tests.property.measures.orphaned import orphans
from tests.property.measures.reach import DWELL, READ, blast_radius, realised_radius, secret_exposure
from tests.property.measures.reachable import human_reach
from tests.property.measures.renewing import renewal, renewing
from tests.property.measures.revoking import (
    compromised,
    left,
    overtaken,
    revoke_on_compromise,
    revoke_on_offboarding,
    revoke_on_policy_change,
)
from tests.property.measures.rotating import rotated, rotation
from tests.property.measures.spans import RATIOS, ends
from tests.property.measures.staleness import stale_access, stale_tail, time_to_revoke
from tests.property.measures.surviving import MEAN
from tests.property.measures.unused import granted, unused_permissions

# Each kind of ledger with the oracles that are tried on it.
TRIED = {
    "any": (
        ledgers(),
        (
            accumulation,
            added_latency,
            approval_radius,
            approval_reach,
            approvals,
            bound_actions,
            decisions,
            exposure_per_task,
            issuance,
            observed_footprint,
            permit_under_attack,
            realised_radius,
            scope_violations,
            secret_exposure,
            stale_access,
            stale_tail,
            turnaround,
            work_done,
            zero_standing,
        ),
    ),
    "asking": (asking(), (approval_value,)),
    "renewing": (renewing(), (renewal,)),
    "overtaken": (overtaken(), (revoke_on_policy_change,)),
    "left": (left(), (revoke_on_offboarding,)),
    "compromised": (compromised(), (realised_radius, revoke_on_compromise)),
    "peaks": (peaks(), (approval_peak,)),
    "half known": (
        ledgers(unknown=(half_known, open_ended)),
        (crown_jewel_hours, effective_authority, privilege_hours),
    ),
    "open-ended": (ledgers(unknown=(open_ended,)), (annual_loss, blast_radius, exceedance, reach_by_hops, tail_radius)),
    "looked up": (
        looked_up(),
        (
            accumulation,
            annual_loss,
            blast_radius,
            crown_jewel_hours,
            effective_authority,
            privilege_hours,
            zero_standing,
        ),
    ),
    "called": (called(), (annual_loss, exceedance, tail_radius)),
    "left behind": (left_behind(), (time_to_revoke,)),
    "indebted": (indebted(), (identity_debt, orphans)),
    "governed": (governed(), (identity_debt, orphans)),
    "planned": (planned(), (first_touch, plan_drift, scope_violations)),
    "delegated": (delegated(), (delegation, orphans, reach_by_hops)),
    "told apart": (told_apart(), (forensics,)),
    "handed": (ledgers(handed_keys()), (shadow_keys,)),
    "emergencies": (emergencies(), (break_glass,)),
    "chained": (chained(), (cascade,)),
    "rotated": (rotated(), (rotation,)),
    "granting": (granting(), (escalation,)),
    "reachable": (reachable(), (human_reach,)),
    "idling": (idling(), (dormancy,)),
    "lasting": (lasting(), (lifetime_choice,)),
    "granted": (granted(), (unused_permissions,)),
    "learning": (learning(), (least_privilege,)),
}
# Kinds whose windows last hours or days; those of the others last seconds.
LONG = ("peaks", "chained", "reachable", "idling", "lasting")
LEDGERS = 16
# Days on which a window of a day or two begins: one that knows no weekend, ends in it, is all of it, and leaves it.
WEEKDAYS = {"Monday": 0, "Thursday": 3, "Saturday": 5, "Sunday": 6}
GIVEN = {
    "quick_s": QUICK,
    "dwell_hours": DWELL / HOUR,
    "found_median_hours": READ / HOUR,
    "found_sigma": 0,
    "fewest_in_tail": 0,
    "horizon_hours": FOLLOWED / HOUR,
    "stretch_hours": STRETCH / HOUR,
    "most_percent": MOST,
    "peak_s": NEAR,
    "mean_hours": MEAN / HOUR,
    "mean_days": MEAN / DAY,
    **HAZARDS,
}


def agree(said, expected, name):
    """A measure says what its oracle found; a pair is two bounds, UNKNOWN none."""
    assert set(said) == set(expected)
    for part, value in expected.items():
        wanted = tuple(v if v is UNKNOWN else pytest.approx(float(v), rel=1e-9, abs=1e-10) for v in ends(value))
        assert (name, part, *said[part][:2]) == (name, part, *wanted)


def test_every_measure_has_an_oracle():
    """No measure in the folder is without a second computation."""
    tried = {oracle.__name__ for _, oracles in TRIED.values() for oracle in oracles}
    assert {measure.name for measure in measures()} == {*tried, "offered_load"}


def drawn(kinds, number=LEDGERS, seed=""):
    """Random ledgers of each kind."""
    return {kind: some(TRIED[kind][0], number, f"{kind}{seed}") for kind in kinds}


def asked(book, ledgers, tried, *apart):
    """What all measures that are tried on them say of ledgers of each kind: (ledgers, {measure: answers}) by kind.

    They are asked of all at once, because what takes long is to plan a question, not to answer it. Long windows are
    apart, because what goes by seconds takes long there.
    """
    groups = [LONG, *apart]
    groups.append([kind for kind in ledgers if not any(kind in group for group in groups)])
    told = {}
    for kinds in ([kind for kind in group if kind in ledgers] for group in groups):
        names = sorted({oracle.__name__ for kind in kinds for oracle in tried[kind]})
        said = book.told(names, [each for kind in kinds for each in ledgers[kind]], **GIVEN) if kinds else {}
        for kind in kinds:
            told[kind] = ledgers[kind], {name: found[: len(ledgers[kind])] for name, found in said.items()}
            said = {name: found[len(ledgers[kind]) :] for name, found in said.items()}
    return told


ORACLES = {kind: oracles for kind, (_, oracles) in TRIED.items()}


@pytest.fixture(scope="module")
def told(book):
    """What measures say of some of each kind."""
    return asked(book, drawn(TRIED), ORACLES)


@pytest.mark.parametrize("kind", TRIED)
def test_a_measure_is_what_its_definition_says(told, kind):
    """On random ledgers, many in a store, each measure equals its slow second computation."""
    ledgers, said = told[kind]
    assert len(set(map(repr, ledgers))) > len(ledgers) * 3 / 4
    for oracle in ORACLES[kind]:
        for ledger, answer in zip(ledgers, said[oracle.__name__], strict=True):
            agree(answer, oracle(ledger), oracle.__name__)
            if kind in {"half known", "open-ended"}:
                whole = [each for part, each in answer.items() if not part.startswith(RATIOS)]
                assert all((each.unknowns > 0) == (each.lo is UNKNOWN) for each in whole)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_a_measure_is_what_its_definition_says_of_many(book, seed):
    """So it is on other ledgers, as many again each time."""
    told = asked(book, drawn(TRIED, seed=seed), ORACLES)
    for kind in TRIED:
        test_a_measure_is_what_its_definition_says(told, kind)


@pytest.mark.parametrize("weekday", WEEKDAYS)
def test_offered_load_is_what_its_definition_says(book, weekday):
    """Offered load equals a count of minutes, on whichever day of the week the window begins."""
    epoch = MONDAY + WEEKDAYS[weekday] * DAY + 5 * HOUR
    ledgers = [ledger for ledger in some(offices(), 10, weekday) if open_minutes(ledger, epoch)]
    assert len(ledgers) >= 4
    said = book.told(["offered_load"], ledgers, Writing(epoch=epoch))["offered_load"]
    for ledger, answer in zip(ledgers, said, strict=True):
        agree(answer, offered_load(ledger, epoch), "offered_load")
