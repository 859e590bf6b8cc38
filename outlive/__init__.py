"""What outlives the work: an offline workbench for deciding how autonomous agents are given access.

The verbs are those of the command line:

    controls, scenarios, platforms, measures, sources    what there is
    policies                                             Cedar policies, what one answers, how two differ
    frameworks                                           ids of others, and what here gives evidence for them
    simulate, compare                                    a scenario under control models
    split                                                what a model's difference from a baseline is made of
    breakeven                                            at which value of a knob two models trade places
    assumptions                                          every default in play, its source and its range
    sensitivity                                          how far a comparison hangs on them, alone and together
    ingest                                               real audit exports into a store
    replay                                               what a log shows, under control models that were never in force
    measure, explain, report, verify                     what a store holds
    answerability                                        what a log can answer, and what not
    joins                                                where the logs of a store name the same
    worklist                                             which credentials to revoke first, and who would notice
    ablate                                               how much a log tells rightly without each of its fields
    lineage                                              who did one event, for whom, under what, and who agreed
    export                                               a log in a form that others read, and what that loses

and for notebooks `comparison`, which reopens one; `answer`, `table` and `figures` show it as the report does.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outlive.ablation import ablate  # noqa: TC004
    from outlive.assumptions import assumptions  # noqa: TC004
    from outlive.breakeven import Knob, breakeven  # noqa: TC004
    from outlive.compare import Request, compare, controls, platforms, scenarios, simulate  # noqa: TC004 - see _Face
    from outlive.evidence import answerability, joins, report, verify  # noqa: TC004
    from outlive.export import export  # noqa: TC004
    from outlive.frameworks import frameworks  # noqa: TC004
    from outlive.ingest import ingest, sources  # noqa: TC004
    from outlive.lineage import events, lineage  # noqa: TC004
    from outlive.measures import explain, measure, measures  # noqa: TC004
    from outlive.pictures import answer, comparison, figures, table  # noqa: TC004
    from outlive.pilot import Until  # noqa: TC004
    from outlive.policies import policies  # noqa: TC004
    from outlive.replay import Log, replay  # noqa: TC004
    from outlive.sensitivity import sensitivity  # noqa: TC004
    from outlive.split import split  # noqa: TC004
    from outlive.varying import Variation  # noqa: TC004
    from outlive.worklist import worklist  # noqa: TC004

__version__ = "0.1.0"

__all__ = [
    "Knob",
    "Log",
    "Request",
    "Until",
    "Variation",
    "ablate",
    "answer",
    "answerability",
    "assumptions",
    "breakeven",
    "compare",
    "comparison",
    "controls",
    "events",
    "explain",
    "export",
    "figures",
    "frameworks",
    "ingest",
    "joins",
    "lineage",
    "measure",
    "measures",
    "platforms",
    "policies",
    "replay",
    "report",
    "scenarios",
    "sensitivity",
    "simulate",
    "sources",
    "split",
    "table",
    "verify",
    "worklist",
]

# Where a verb is defined that is not in `evidence`.
PLACES = {
    **dict.fromkeys(("Request", "compare", "controls", "platforms", "scenarios", "simulate"), "compare"),
    **dict.fromkeys(("Log", "replay"), "replay"),
    **dict.fromkeys(("Knob", "breakeven"), "breakeven"),
    "split": "split",
    **dict.fromkeys(("events", "lineage"), "lineage"),
    "ablate": "ablation",
    "worklist": "worklist",
    "export": "export",
    **dict.fromkeys(("ingest", "sources"), "ingest"),
    **dict.fromkeys(("explain", "measure", "measures"), "measures"),
    "assumptions": "assumptions",
    "sensitivity": "sensitivity",
    "Variation": "varying",
    "Until": "pilot",
    "policies": "policies",
    "frameworks": "frameworks",
    **dict.fromkeys(("answer", "comparison", "figures", "table"), "pictures"),
}


class _Face(ModuleType):
    """This package: each verb is loaded when it is asked for.

    They need pandas and the like, for which neither `--version` nor a process that only simulates should wait.
    """

    def __getattr__(self, name: str) -> object:
        """The verb of that name, from the module that defines it."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{PLACES.get(name, 'evidence')}"), name)

    def __setattr__(self, name: str, value: object) -> None:
        """Python puts a module that is loaded here by its name; `compare` stays the verb."""
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        """What is offered, loaded or not."""
        return sorted({*super().__dir__(), *__all__})


def _only_ours() -> None:
    """Refuse to run with a stranger's `sim` or `analysis`: they are common names, and would be imported silently."""
    home = Path(__file__).resolve().parent.parent
    for name in ("sim", "analysis"):
        spec = find_spec(name)
        found = Path(spec.origin).resolve() if spec and spec.origin else None
        if found is None or found.parent.parent != home:
            msg = f"outlive: the package {name!r} on this path is another one ({found}); take that off the path"
            _refuse(msg)


def _refuse(message: str) -> None:
    """An error for whoever imports this; from the command, none of which runs yet, its one line and exit code."""
    if [Path(word).stem for word in sys.argv[:1]] == ["outlive"]:
        sys.exit(message)
    raise ImportError(message)


_only_ours()
sys.modules[__name__].__class__ = _Face
