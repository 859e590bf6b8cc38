"""What a word may mean that names no measure: a column of the first screen, rows of measures, or what headers say."""

import re
from collections.abc import Iterator

from analysis.measures.measure import Measure, measures
from analysis.report.glossary import GLOSSARY
from analysis.screen import COLUMNS, SUPPORTING


def meanings(word: str) -> str:
    """Where a word stands, a line each: as a name, or else in what is said; empty where it stands nowhere."""
    if not re.search(r"[^\W_]", word):
        return ""
    letters = "[ _-]".join(map(re.escape, re.split(r"[\s_-]+", word.strip())))
    stands = re.compile(rf"(?<![^\W_]){letters}(?![^\W_])", re.IGNORECASE)
    lines = [f"first screen: {name}, {meaning}" for name, meaning in GLOSSARY if stands.fullmatch(name)]
    lines += [line for each in measures() for line in _named(each, stands)]
    # Of what is said, an abbreviation that stands there as it is written.
    said = re.compile(stands.pattern)
    lines = lines or [f"{each.name}: {text}" for each in measures() for text in _said(each) if said.search(text)]
    ends = f"{word} names no measure; it stands here, and `outlive explain NAME` tells more of each measure:"
    return "\n".join([ends, *lines]) if lines else ""


def _named(measure: Measure, stands: re.Pattern[str]) -> Iterator[str]:
    """The columns and rows of a measure that bear the word."""
    for column in (*COLUMNS, *SUPPORTING):
        if column.measure == measure.name and (stands.fullmatch(column.key) or stands.search(column.heading)):
            row = " ".join(value for _, value in column.row)
            yield f"{measure.name}: {column.heading}, {column.unit} (row {row})"
    for rows, said in (*measure.assumed, *measure.left_open):
        if stands.search(rows):
            yield f"{measure.name}: {rows}: {said}"
    for unit, patterns in measure.unit.stated:
        if found := [each for each in patterns if stands.search(each)]:
            yield f"{measure.name}: {', '.join(found)}, in {unit}"


def _said(measure: Measure) -> Iterator[str]:
    yield from (measure.title, measure.question, measure.source)
    yield from (said for _, said in (*measure.assumed, *measure.left_open))
