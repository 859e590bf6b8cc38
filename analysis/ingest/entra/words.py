"""What is declared of sign-ins, activities, errors and parties, as it stands in levels.toml."""

from pathlib import Path
from typing import Final

from analysis.ingest.vocabulary import Vocabulary

WORDS: Final = Vocabulary(Path(__file__).with_name("levels.toml"))
