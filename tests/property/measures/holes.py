"""Runs as logs may show them: each quantity has two bounds, and a run sees all but what its settings name as blind.

Where its settings say so it is of another kind, such as `ingested`.
"""

# What a log has beside the truth.
TWO_BOUNDS = "CREATE OR REPLACE VIEW truth.bounds AS SELECT unnest(['lo', 'hi']) AS bound"
_RUNS = """
    CREATE OR REPLACE VIEW truth.run AS
    SELECT r.key AS run, r.* EXCLUDE (key) REPLACE (coalesce(r.settings ->> '$.kind', r.kind) AS kind),
           w.settings AS scenario, {}
    FROM fact.run r JOIN fact.workload w ON w.key = r.workload
    WHERE r.completed IS NOT NULL AND (getvariable('runs') IS NULL OR list_contains(getvariable('runs'), r.key))
"""
_SEES = "NOT list_contains(string_split(coalesce(r.settings ->> '$.blind', ''), ' '), '{0}') AS sees_{0}"


def sights(store):
    """All that a log may or may not show."""
    columns = store.connection.table("truth.run").columns
    return [name.removeprefix("sees_") for name in columns if name.startswith("sees_")]


def as_logs(store):
    """Let every run of a store be a log: what its settings name as blind, words with blanks between, is not seen."""
    store.connection.execute(TWO_BOUNDS)
    store.connection.execute(_RUNS.format(", ".join(map(_SEES.format, sights(store)))))
