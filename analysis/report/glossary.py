"""What the words of the first screen mean, in as few words as fit there."""

from typing import Final

GLOSSARY: Final = (
    (
        "Crown-jewel change",
        "write or permissions on a tier-3 group while the work did not need it; reading is in blast radius only",
    ),
    ("Held", "by a valid credential"),
    ("Obtainable", "held, or granted to whoever retries, all or nothing"),
    ("Blast radius", "at a random instant; an agent that can reach nothing then counts 0"),
    ("Estate", "all by value"),
    ("Agent-day", "one agent for 24 hours"),
    ("p95", "95 % lie below"),
)
