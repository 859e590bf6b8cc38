"""What outlives the work: an offline workbench for deciding how autonomous agents are given access.

The verbs are those of the command line:

    controls, scenarios, measures, sources    what there is
    simulate, compare                         a scenario under control models
    ingest                                    real audit exports into a store
    measure, explain, report, verify          what a store holds

and for notebooks `answer`, `table` and `figures`, which show a comparison as the report does.
"""

from importlib.util import find_spec
from pathlib import Path

__version__ = "0.1.0"


def _only_ours() -> None:
    """Refuse to run with a stranger's `sim` or `analysis`: they are common names, and would be imported silently."""
    home = Path(__file__).resolve().parent.parent
    for name in ("sim", "analysis"):
        spec = find_spec(name)
        found = Path(spec.origin).resolve() if spec and spec.origin else None
        if found is None or found.parent.parent != home:
            msg = f"outlive: the package {name!r} on this path is another one ({found}); take that off the path"
            raise ImportError(msg)


_only_ours()

from outlive.compare import Request, compare, controls, scenarios, simulate  # noqa: E402 - see _only_ours
from outlive.evidence import explain, ingest, measure, measures, report, sources, verify  # noqa: E402
from outlive.pictures import answer, figures, table  # noqa: E402

__all__ = [
    "Request",
    "answer",
    "compare",
    "controls",
    "explain",
    "figures",
    "ingest",
    "measure",
    "measures",
    "report",
    "scenarios",
    "simulate",
    "sources",
    "table",
    "verify",
]
