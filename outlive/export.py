"""A log in a form that others read, and what that form loses."""

from pathlib import Path

import pandas as pd

from analysis.export.export import export as written
from analysis.export.export import form_named
from outlive.places import folder_beside
from outlive.runs import chosen
from sim.audit.store import Store


def export(
    store: Path | str, form: str, into: Path | str, run: int | None = None, memory: str | None = None
) -> pd.DataFrame:
    """Write what a log shows into a new folder, in the form of `csv`, `parquet`, ...; returns what is lost of it.

    Of a simulated or replayed run that is what a log of its profile would have shown, never the truth. Each row of the
    result says of one field of events or credentials what becomes of how many of its values: `carried` as they are,
    `otherwise` in another form, `lost`; `losses.csv` in the folder holds the same. What is written can be read again
    with `ingest`, where that knows the form.

    `run` need not be named where there is only one; `memory` is the most that DuckDB takes, such as 4GB.

    Raises:
        Refusal: no such store, run or form, the folder is not empty, or nothing can be said in that form.
    """
    known = form_named(form)
    folder = folder_beside(store, into)
    with Store.open(Path(store), memory) as opened:
        key, _ = chosen(opened, run, "log")
        return written(opened, key, known, folder)
