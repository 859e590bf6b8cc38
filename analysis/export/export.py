"""The verb: what a log says, in a form that others read, and beside it what that form loses."""

import re
from pathlib import Path
from typing import Final

import duckdb
import pandas as pd

from analysis.export.folder import whole
from analysis.export.form import Form, forms
from sim.audit.refusal import Refusal
from sim.audit.store import Store

LOSSES: Final = "losses.csv"
_HERE: Final = Path(__file__).parent
# Deep views that others stand on. For a short log they are computed once; for a long one that would take too much room.
_SHARED: Final = re.compile(r"CREATE TEMP VIEW (?=(?:carried|claim) AS)")
_SHORT: Final = 1_000_000
_EVENTS: Final = "SELECT count(*) FROM fact.event WHERE list_contains(getvariable('runs'), run)"
_OTHER: Final = "name another form"
_NOTHING: Final = "SELECT NOT EXISTS (FROM carried WHERE left_out IS NULL)"


def form_named(name: str) -> Form:
    """The form with this name.

    Raises:
        Refusal: there is none.
    """
    known = forms()
    if name not in known:
        raise Refusal(f"no form is called {name}; there are: {', '.join(known)}")
    return known[name]


def export(store: Store, run: int, form: Form, folder: Path) -> pd.DataFrame:
    """Write what the log of a run shows into a folder, and beside it `losses.csv`, which is returned.

    A row says of how many `rows` that fill a `field` the value is `carried` as it is, `otherwise` in another form, or
    `lost`; `share` is that of all that fill it, `how` says in which form, or why. A field that no row fills is `empty`.

    Raises:
        Refusal: the folder is not empty, or nothing of the log can be said in this form.
    """
    with whole(folder) as beside, store.evidence("log", [run]) as connection:
        _prepare(connection, form)
        if connection.execute(_NOTHING).fetchall() == [(True,)]:
            raise Refusal(f"{store.name}: nothing that the log of run {run} shows can be said as {form.name}; {_OTHER}")
        form.write(connection, beside)
        losses = connection.sql((_HERE / "losses.sql").read_text("utf-8"))
        losses.write_csv(str(beside / LOSSES))
        found: pd.DataFrame = losses.df()
        return found


def _prepare(connection: duckdb.DuckDBPyConnection, form: Form) -> None:
    """Make the views that the form is written from."""
    [(events,)] = connection.execute(_EVENTS).fetchall()
    made = "CREATE TEMP TABLE " if events <= _SHORT else "CREATE TEMP VIEW "
    for path in (_HERE / "said.sql", *form.files):
        connection.execute(_SHARED.sub(made, path.read_text("utf-8")))
