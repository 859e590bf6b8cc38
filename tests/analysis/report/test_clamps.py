"""What was asked for and what is got stands on the page, where a platform clamps anything."""

from analysis.report.clamps import Got, clamped, idealised, limits
from tests.analysis.report.made import baseline, compared, row

CLAMP = {"platform": "sts", "knob": "lifetime.ttl_s", "asked": 60, "got": 900, "why": "the least"}
KEYS = {"platform": "keys", "title": "Keys", "static_only": True, "systems": ["crm"], "clamps": []}


def on(*platforms):
    """Settings of a run on platforms."""
    return {"platforms": list(platforms)}


def sts(*clamps, title="STS"):
    """A platform of two systems."""
    return {"platform": "sts", "title": title, "static_only": False, "systems": ["a", "b"], "clamps": list(clamps)}


def test_each_platform_tells_its_systems_and_what_each_model_gets():
    """A knob is there if some model does not get it as asked; a model that does has nothing there."""
    first = row("one", baseline().cells, on(sts(), KEYS))
    other = row("two", baseline().cells, on(sts(CLAMP), KEYS))
    found = clamped(compared(first, other))
    assert [(each.title, each.systems, each.static_only) for each in found] == [
        ("STS", "a and b", False),
        ("Keys", "crm", True),
    ]
    (knob,) = found[0].knobs
    assert (knob.section, knob.name, knob.models, knob.why) == (
        "lifetime", "ttl", (None, Got("60 s", "900 s")), "the least",
    )  # fmt: skip
    assert list(limits(compared(first, other))) == [
        "Products do not give everything: 1 setting cannot be had as asked, on STS.",
        "Under every model a static key stays for crm, where nothing else is accepted.",
    ]


def test_nothing_is_said_where_nothing_is_clamped():
    """Without platforms, or where each gives what is asked, there is no table; `any` is called idealised."""
    plain = row("one", baseline().cells)
    given = row("one", baseline().cells, on(sts()))
    ideal = row("one", baseline().cells, on({**KEYS, "platform": "any", "static_only": False}))
    for each in (plain, given, ideal):
        assert clamped(compared(each)) == ()
        assert list(limits(compared(each))) == []
    assert [idealised(compared(each)) for each in (plain, given, ideal)] == [False, False, True]


def test_what_a_stranger_wrote_is_not_obeyed():
    """The title and the reason come from a file of anybody's; what a terminal would obey is shown."""
    (found,) = clamped(compared(row("one", baseline().cells, on(sts({**CLAMP, "why": "x\x1b[2J"}, title="\x1b[2J")))))
    assert "\x1b" not in found.title + found.knobs[0].why
