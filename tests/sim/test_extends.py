"""A file that extends others says only in what it differs from them."""

import pytest

from sim.toml import DeclarationError, content


@pytest.fixture
def files(tmp_path):
    """Write files by name, and return where they lie."""

    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.toml").write_text(text, "utf-8")
        return tmp_path

    return write


def test_what_a_file_does_not_say_it_has_from_the_one_it_extends(files):
    """Key by key; lists and values of its own stand whole."""
    folder = files(
        below="title = 'below'\nhours = [1, 2]\n[fleet]\nagents = 3\nconcurrency = 2\n",
        mine="extends = 'below'\nhours = [9]\n[fleet]\nagents = 7\n",
    )
    assert content(folder / "mine.toml", {}) == {
        "title": "below", "hours": [9], "fleet": {"agents": 7, "concurrency": 2},
    }  # fmt: skip


def test_the_last_of_several_counts(files):
    """They apply from left to right; each may extend others, two the same one."""
    folder = files(
        root="a = 0\nb = 0\nc = 0\n", left="extends = 'root'\na = 1\nb = 1\n", right="extends = 'root'\nb = 2\n",
        mine="extends = ['left', 'right.toml']\n",
    )  # fmt: skip
    assert content(folder / "mine.toml", {}) == {"a": 0, "b": 2, "c": 0}


def test_lists_of_named_tables_are_merged_by_name(files):
    """One system of several is changed, another is new."""
    folder = files(
        below="systems = [{ name = 'crm', lag = 1, heard = true }, { name = 'pay', lag = 2 }]\n",
        mine="extends = 'below'\nsystems = [{ name = 'pay', lag = 5 }, { name = 'new', lag = 9 }]\n",
    )
    systems = content(folder / "mine.toml", {})["systems"]
    assert systems == [{"name": "crm", "lag": 1, "heard": True}, {"name": "pay", "lag": 5}, {"name": "new", "lag": 9}]


@pytest.mark.parametrize(
    ("own", "source"),
    [
        ("staff = 9\nsource = 'ours'\n", "ours; otherwise theirs"),
        ("staff = 9\nhours = 7\nsource = 'ours'\n", "ours"),
        ("", "theirs"),
    ],
)
def test_what_is_not_changed_keeps_its_source(files, own, source):
    """Of a table in part changed both sources are told."""
    folder = files(
        below="[approvers]\nstaff = 1\nhours = 8\nsource = 'theirs'\n", mine=f"extends = 'below'\n[approvers]\n{own}"
    )
    assert content(folder / "mine.toml", {})["approvers"]["source"] == source


def test_a_source_of_which_nothing_is_left_is_not_told(files):
    """However many extend each other, a table tells the sources of what counts in it, the last first; by hand, too."""
    folder = files(
        root="[t]\na = 0\nb = 0\nc = 0\nsource = 'root'\n", middle="extends = 'root'\n[t]\na = 1\nsource = 'middle'\n",
        mine="extends = 'middle'\n[t]\na = 2\nb = 2\nsource = 'mine'\n",
    )  # fmt: skip
    said = [content(folder / "mine.toml", set_)["t"]["source"] for set_ in ({}, {"t.c": 3}, {"t.a": 3})]
    assert said == [
        "mine; otherwise root", "assumed: c set by hand; otherwise mine",
        "assumed: a set by hand; otherwise mine; otherwise root",
    ]  # fmt: skip


def test_what_is_inherited_can_be_set_by_hand(files):
    """Settings are laid over all."""
    folder = files(below="[fleet]\nagents = 3\n", mine="extends = 'below'\n")
    assert content(folder / "mine.toml", {"fleet.agents": 5}) == {"fleet": {"agents": 5}}


def test_a_bare_name_is_looked_up_where_none_lies_beside(files, tmp_path_factory):
    """The file beside comes first."""
    elsewhere = tmp_path_factory.mktemp("bundled")
    for name in ("far", "near"):
        (elsewhere / f"{name}.toml").write_text("where = 'elsewhere'\n", "utf-8")
    folder = files(near="where = 'beside'\n", one="extends = 'near'\n", two="extends = 'far'\n")
    said = [content(folder / f"{name}.toml", {}, lambda n: elsewhere / f"{n}.toml")["where"] for name in ("one", "two")]
    assert said == ["beside", "elsewhere"]


REFUSED = {
    "itself": ("extends = 'mine'\n", r"mine\.toml: extends itself, by way of mine\.toml"),
    "in a ring": ("extends = 'other'\n", r"mine\.toml: extends itself, by way of mine\.toml, other\.toml"),
    "a number": ("extends = 3\n", r"mine\.toml: extends: the name of a file .*not 3"),
    "numbers": ("extends = [3]\n", r"mine\.toml: extends: the name of a file .*not \[3\]"),
    "nothing there": ("extends = 'gone'\n", r"gone\.toml: No such file"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_extended_is_refused(files, case):
    """In one line that names the file and what is wrong."""
    text, match = REFUSED[case]
    folder = files(mine=text, other="extends = 'mine'\n")
    with pytest.raises(DeclarationError, match=match) as refusal:
        content(folder / "mine.toml", {})
    assert "\n" not in str(refusal.value)
