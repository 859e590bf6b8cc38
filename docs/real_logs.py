"""What became of published logs: prints the table of real_logs.md; the folder that `OUTLIVE_REAL` names holds them."""

import os
import sys
from pathlib import Path
from typing import Final

from analysis.ingest.ingest import Ingested, ingest
from analysis.ingest.source import IngestError
from sim.audit.store import Store

# By folder; each with what its records are.
NAMES: Final = {
    "aws-cloudtrail-invictus": "invictus-ir, aws_dataset",
    "aws-cloudtrail-stratus": "DataDog, stratus-red-team, detonation logs",
    "aws-cloudtrail-awsdocs": "AWS, IAM user guide, examples",
    "aws-iam-authz-details": "Salesforce, cloudsplaining, example account",
    "k8s-audit-audit2rbac": "audit2rbac, demo log",
    "vault-audit": "three lines of a public guide to AppRole",
    "spire-logs": "public issues of SPIRE and of an NGINX mesh",
    "entra-otrf-goldensaml": "OTRF, Security-Datasets, Golden SAML",
    "multi-plaso": "plaso, test data",
    "multi-panther": "panther-analysis, tests of rules",
    "ocsf-pairs": "OCSF, examples of mappings",
    "agents-claude-code": "claude-code-log, examples",
    "agents-inspect-eval": "docent, sample of an Inspect log",
    "agents-tau-bench": "tau-bench, historical trajectories",
    "agents-swe-agent": "SWE-agent, demonstrations",
    "workload-llm": "Azure LLM inference trace; Mooncake trace",
}
_FATES: Final = ("records", "kept", "merged", "repeated", "silent", "rejected", "events", "collisions")
_HEAD: Final = ("data set", "source", *_FATES)


def table(real: Path) -> str:
    """What became of the records of each data set, a row for each kind of export in it."""
    rows = [row for folder, name in NAMES.items() for row in _rows(real / folder, name)]
    lines = [_HEAD, ["---"] * 2 + ["---:"] * len(_FATES), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _rows(folder: Path, name: str) -> list[list[str]]:
    with Store.in_memory() as store:
        try:
            return [[name, f"`{each.source}`", *_fates(each)] for each in ingest([folder], store)]
        except IngestError:
            return [[name, "refused", *[""] * len(_FATES)]]


def _fates(done: Ingested) -> list[str]:
    return [f"{getattr(done, fate):,}" for fate in _FATES]


if __name__ == "__main__":
    sys.stdout.write(table(Path(os.environ["OUTLIVE_REAL"])))
