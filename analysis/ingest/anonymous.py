"""Traces of load tell when a service was asked and how much, but not who asked for what: no access is in them.

They are recognised, so that whoever brings them is told why they are not read, and what they are good for.

Sources: Azure/AzurePublicDataset, "Azure LLM Inference Trace"; kvcache-ai/Mooncake, traces.
"""

import re
from typing import Final

_FORMATS: Final = {
    "Azure's LLM inference": re.compile(
        rb"(?:\xef\xbb\xbf)?TIMESTAMP,ContextTokens,GeneratedTokens\s*\n", re.IGNORECASE
    ),
    "Mooncake": re.compile(rb'\s*\{\s*"timestamp"\s*:\s*\d+\s*,\s*"input_length"\s*:\s*\d+\s*,\s*"output_length"\s*:'),
}


def anonymous(sample: bytes) -> str | None:
    """Why a file that begins like this is not read, where it is of a kind that names nobody."""
    named = next((name for name, signs in _FORMATS.items() if signs.match(sample)), None)
    return named and (
        f"a trace of load, {named}: no record says who asked or for what, so no access is in it; its arrivals may be "
        "figures of a scenario"
    )
