"""Some records of agents keep what came after what, but not when: nothing of them can be measured in time.

No times are made up for them. They are recognised, so that whoever brings them is told why they are not read.

Sources: sierra-research/tau-bench, `historical_trajectories`; SWE-agent documentation, "Trajectories".
"""

import re
from typing import Final

_FORMATS: Final = {
    "tau-bench": re.compile(rb'\s*\[?\s*\{\s*"task_id"\s*:\s*\d+\s*,\s*"reward"\s*:'),
    "SWE-agent": re.compile(
        rb'\s*\{(.*?"trajectory"\s*:\s*\[\s*\{\s*"action"\s*:|\s*"history"\s*:\s*\[\s*\{\s*"role"\s*:.*?"agent"\s*:)',
        re.DOTALL,
    ),
}


def untimed(sample: bytes) -> str | None:
    """Why a file that begins like this is not read, where it is of a kind that keeps no times."""
    named = next((name for name, signs in _FORMATS.items() if signs.match(sample.lstrip())), None)
    return named and (
        f"a trajectory of {named}: no record says when anything happened, so nothing of it can be measured in time; "
        "bring logs of the same runs that do"
    )
