"""Trajectories without times are recognised, and refused with the reason: no times are made up."""

import gzip
import json
import re

import pytest

from analysis.ingest.beginning import recognised
from analysis.ingest.files import found, read
from analysis.ingest.ingest import ingest
from analysis.ingest.source import IngestError, sources
from analysis.ingest.untimed import untimed
from sim.audit.store import Store

FOLDERS = ("agents-tau-bench", "agents-swe-agent")
MADE = {
    "tau-bench": [
        {"task_id": 0, "reward": 1.0, "info": {}, "traj": [{"role": "user", "content": "Hello."}], "trial": 0}
    ],
    "SWE-agent": {"environment": "main", "trajectory": [{"action": "ls\n", "observation": "a", "execution_time": 0.1}]},
}


@pytest.mark.parametrize("name", MADE)
def test_the_reason_is_told(tmp_path, name):
    """The refusal of a folder that holds nothing else names the file, the format, and what would help."""
    (tmp_path / "run.json").write_text(json.dumps(MADE[name], indent=2), "utf-8")
    reason = rf"run.json: a trajectory of {name}: no record says when .*; bring logs of the same runs that do$"
    with Store.in_memory() as store, pytest.raises(IngestError, match=reason) as refused:
        ingest([tmp_path], store)
    assert "\n" not in str(refused.value)


def test_history_alone_is_a_trajectory_too():
    """Demonstrations keep only what was said, and by which agent."""
    history = [{"role": "system", "content": "Do {it}.", "agent": "main"}]
    assert untimed(json.dumps({"history": history}).encode())
    assert not untimed(json.dumps({"history": [{"role": "system"}]}).encode())


@pytest.mark.parametrize("other", [b"", b"[]", b'{"task_id": 1}', b'{"a": "{\\"trajectory\\": [{\\"action\\": 1}]}"}'])
def test_other_files_are_not_taken_for_one(other):
    """A name of a field is not enough, nor one within text."""
    assert untimed(other) is None


@pytest.mark.parametrize("folder", FOLDERS)
def test_real_trajectories_are_recognised(real, folder):
    """Each real trajectory is told of as such, and taken for an export by no source."""
    paths = [file for file in found([real / folder]) if re.search(r"\.(traj|json)(\.gz)?$", file.shown)]
    begins = [read(file).data[: 64 * 2**10] for file in paths if file.shown != "facts.json"]
    assert len(begins) == {"agents-tau-bench": 1, "agents-swe-agent": 19}[folder]
    assert all(map(untimed, begins))
    assert not any(recognised(each, sources()) for each in begins)


def test_an_archive_is_to_be_unpacked(tmp_path):
    """A zip archive, packed again or not, is no text; the reason says what to do."""
    for name, data in {"a.eval": b"PK\x03\x04rest", "b.eval.gz": gzip.compress(b"PK\x03\x04rest")}.items():
        (tmp_path / name).write_bytes(data)
    assert {read(file).trouble for file in found([tmp_path])} == {"a zip archive: unpack it, and name the folder"}
