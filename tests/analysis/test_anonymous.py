"""Traces of load, in which nobody is named, are recognised and refused with the reason."""

import pytest

from analysis.ingest.anonymous import anonymous
from analysis.ingest.beginning import recognised
from analysis.ingest.files import found, read
from analysis.ingest.ingest import ingest
from analysis.ingest.source import IngestError, sources
from sim.audit.store import Store

AZURE = b"TIMESTAMP,ContextTokens,GeneratedTokens\r\n2026-03-02 10:00:00.1234567,40,2\r\n"
MOONCAKE = b'{"timestamp": 0, "input_length": 40, "output_length": 2, "hash_ids": [0]}\n'


@pytest.mark.parametrize(("data", "name"), [(AZURE, "Azure's LLM inference"), (MOONCAKE, "Mooncake")])
def test_the_reason_is_told(tmp_path, data, name):
    """The refusal names the file and the trace, says why it holds no access, and what it is good for, in a line."""
    (tmp_path / "trace").write_bytes(data)
    reason = rf"trace: a trace of load, {name}: no record says who asked .*; its arrivals may be figures of a scenario$"
    with Store.in_memory() as store, pytest.raises(IngestError, match=reason) as refused:
        ingest([tmp_path], store)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("other", [b"", b"TIMESTAMP,ContextTokens\n", b'{"timestamp": "2026", "input_length": 1}'])
def test_other_files_are_not_taken_for_one(other):
    """A header of fewer columns, or a record of other types, is none."""
    assert anonymous(other) is None


def test_real_traces_are_recognised(real):
    """Both real traces are told of as such, and taken for an export by no source."""
    begins = [read(file).data[: 64 * 2**10] for file in found([real / "workload-llm"]) if file.shown.endswith(".gz")]
    assert len(begins) == 2
    assert all(map(anonymous, begins))
    assert not any(recognised(each, sources()) for each in begins)
