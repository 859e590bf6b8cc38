"""Every measure against a slow second computation, written from the definitions and without SQL, on random ledgers."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

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
    live_credentials,
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
from tests.property.measures.lifetimes import MOST, NEAR, lifetime_choice
from tests.property.measures.losing import HAZARDS, annual_loss, called, exceedance, tail_radius
from tests.property.measures.orphaned import orphans
from tests.property.measures.reach import DWELL, READ, blast_radius, realised_radius, secret_exposure
from tests.property.measures.reachable import human_reach
from tests.property.measures.renewing import renewal, renewing
from tests.property.measures.rotating import rotated, rotation
from tests.property.measures.staleness import stale_access, stale_tail, time_to_revoke

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
    "live": (ledgers(live_credentials()), (time_to_revoke,)),
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
}
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
    **HAZARDS,
}


def agree(said, expected, name):
    """A measure says what its oracle found; a pair is two bounds, UNKNOWN none."""
    assert set(said) == set(expected)
    for part, value in expected.items():
        bounds = value if isinstance(value, tuple) else (value, value)
        wanted = tuple(v if v is UNKNOWN else pytest.approx(float(v), rel=1e-9, abs=1e-10) for v in bounds)
        assert (name, part, *said[part][:2]) == (name, part, *wanted)


def test_every_measure_has_an_oracle():
    """No measure in the folder is without a second computation."""
    tried = {oracle.__name__ for _, oracles in TRIED.values() for oracle in oracles}
    assert {measure.name for measure in measures()} == {*tried, "offered_load"}


@pytest.mark.parametrize("kind", TRIED)
def test_a_measure_is_what_its_definition_says(book, kind):
    """On random ledgers, several in a store, each measure equals its slow second computation."""
    drawn_from, oracles = TRIED[kind]
    names = [oracle.__name__ for oracle in oracles]

    drawn = []

    @settings(max_examples=3)
    @given(st.lists(drawn_from, min_size=7, max_size=10))
    def draw(some):
        # Not the first example, which is the simplest there is, time after time.
        assume(len(set(map(repr, some))) > len(some) / 2)
        drawn.extend(some)

    # Asked of all at once: what takes long is to plan a question, not to answer it.
    draw()
    said = book.told(names, drawn, **GIVEN)
    for oracle, name in zip(oracles, names, strict=True):
        for ledger, answer in zip(drawn, said[name], strict=True):
            agree(answer, oracle(ledger), name)
            if kind in {"half known", "open-ended"}:
                assert all((each.unknowns > 0) == (each.lo is UNKNOWN) for each in answer.values())


@settings(max_examples=6)
@given(st.lists(offices(), min_size=5, max_size=6), st.integers(0, 6))
def test_offered_load_is_what_its_definition_says(book, drawn, weekday):
    """Offered load equals a count of minutes, on whichever day of the week the window begins."""
    epoch = MONDAY + weekday * DAY + 5 * HOUR
    assume(all(open_minutes(ledger, epoch) for ledger in drawn))
    said = book.told(["offered_load"], drawn, Writing(epoch=epoch))["offered_load"]
    for ledger, answer in zip(drawn, said, strict=True):
        agree(answer, offered_load(ledger, epoch), "offered_load")
