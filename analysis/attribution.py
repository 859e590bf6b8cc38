"""What each field of a log is worth: how much less can be told rightly, afterwards, where it is left out.

This looks at both evidences at once, and is therefore no measure: a measure says what one evidence shows, so that
what it says of a real log and of a simulated one can be compared; whether a log is *right* can be said only beside the
truth, which no real log has. Nothing here estimates anything, and no figure of it enters a comparison of control
models: it scores logs.

Of each change (an allowed use of a write or permissions atom): who made it, on whose behalf, for what task, with which
tool and arguments, to what, under which approval. Right is what the log says and was so; a change by an attacker in an
agent's name has no answer to who. Where calls name no task, one is told all the same if only one of the agent's is
open; where they name no approval, the yes to the same call. The chain holds three kinds of edges (task to call, parent
to task, approval to call); a reader who has only times takes what came last before for the cause, and must lose.
Precision and recall are those of the rebuilt chain, which has each edge once: of what a sub-task was called up by there
is one, however many changes it made, and who is wrong about it is wrong once. An edge is of a call that made a change,
or of the task that made it.

Whoever looks into an incident knows which agent was struck, when, and until when. By the fields an attacker did what
that agent did for no task, and all of it where no tasks are named; by times alone, all that it did meanwhile.

An intent is worth what it tells of what is done. Words that mean nothing may differ from task to task as good ones do:
only beside the truth are they told apart.

A chain is all that a task and its sub-tasks called, over three systems at least, or all where there are fewer. It is
whole if every call of it is told, and for the task that it was made for: each system has a log of its own, so that it
hangs on all of them.

Bytes are those of the log as a line of JSON for each event, without empty fields, over the allowed calls in the window.
Source: forensic attribution against ground truth (correctness, precision and recall of the rebuilt chain, reversed
edges, a time window as the baseline).
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.information import beyond_chance
from sim.audit.store import Store

FIELDS: Final = ("intent", "tool_call", "data_touch", "approval_context")

_CHANGES: Final = "percent of changes"
# Every column of a row: its unit, and what it is.
COLUMNS: Final = {
    "log": ("how it is seen", (
        "as logged; times alone: all fields are there, and the reader goes by what came last before; no FIELD, no log "
        "of SYSTEM: all else as logged"
    )),
    "worth": ("percentage points", "whole as logged - whole here: how many more changes were told wholly and rightly"),
    "changes": ("changes", "allowed calls of a write or permissions atom in the window, an attacker's too"),
    "who": (_CHANGES, (
        "changes of which the log names the agent that made it / changes; of an attacker's there is no right answer"
    )),
    "behalf": ("percent of changes of owned agents", (
        "changes of which who is right and the log names all who owned the agent then, and nobody else / changes by "
        "agents, and no attacker, that somebody owned then"
    )),
    "task": (_CHANGES, (
        "changes of which the task is right, named or the only one of the agent that is open then / changes; for no "
        "task is right where the log names tasks and none for it"
    )),
    "tool": ("percent of changes by a tool", (
        "changes of which operation and arguments are right / changes that have an operation"
    )),
    "touch": (_CHANGES, "changes of which access level, resource group and resource are right / changes"),
    "approval": ("percent of changes under a yes", (
        "changes of which the yes is right, named or the last to the same call / changes that rest on a yes"
    )),
    "whole": (_CHANGES, "changes of which all of these are right that apply to it / changes"),
    "chain_precision": ("percent of edges told", (
        "edges told that were so, and not told backward / edges told; an edge: a task to a call, a task to the one "
        "that it called up, a yes to a call, each once; missing where none is told"
    )),
    "chain_recall": ("percent of edges", "edges told that were so, and not told backward / edges that were so"),
    "reversed_edges": ("edges", (
        "edges told that were so, of which the log puts the effect before its cause; missing where none is told"
    )),
    "chains": ("chains", (
        "root tasks that called, with their sub-tasks and in the window, at least three systems, or all where there "
        "are fewer"
    )),
    "chains_whole": ("percent of chains", (
        "chains of which every call is told for the task that it was made for / chains"
    )),
    "radius_error": ("percent of what attackers reached", (
        "weight of the atoms that an attacker reached and is not taken to have reached, and of those the other way "
        "round, incident by incident / weight of the atoms that attackers reached"
    )),
    "intent_tasks": ("tasks", "tasks that changed something and of which the log shows an intent, as intent_bits"),
    "intent_bits": ("bits", (
        "mutual information of the intent that the log shows of a task and the atom that the task changed first, less "
        "its mean where the intents are dealt to the tasks by chance; the mean over runs, and at least 0; an intent "
        "that repeats the tool is not shown; missing where none is, where all that show one changed the same first, "
        "and where each text, or each atom, stands once, because then every deal tells as much; too low where texts "
        "repeat seldom: only logs with as many tasks and as many texts compare"
    )),
    "lost": ("percent of events", (
        "events in the window, of the kinds that the log records, that are not in it: dropped, or of a system that "
        "hands in no log / events in the window of these kinds"
    )),
    "misdated": ("percent of events told", (
        "of these events those that the log tells of with another time / those that it tells of"
    )),
    "bytes_per_action": ("bytes", (
        "bytes of the log in the window, a line of JSON an event / allowed calls in the window"
    )),
}  # fmt: skip

_SQL: Final = (Path(__file__).parent / "attribution.sql").read_text("utf-8")
_LOG: Final = """
    SELECT p.name AS profile, p.dropped, p.absent, p.skewed, p.skew
    FROM fact.run r JOIN fact.log_profile p ON p.name = r.profile WHERE r.key = $run
"""
_SYSTEMS: Final = """
    SELECT DISTINCT k.system FROM fact.catalogue k JOIN fact.run r USING (workload) WHERE r.key = $run ORDER BY k.system
"""
# Of each intent that the log shows, and each atom, how many tasks with the one changed the other first.
_INTENTS: Final = """
    WITH first AS (
        SELECT arg_min(row(nullif(l.intent, l.operation), e.atom), row(e.time, e.id)) AS told
        FROM log.event l
        JOIN truth.event e USING (run, id)
        JOIN truth.run r USING (run)
        JOIN truth.catalogue k ON k.run = e.run AND k.atom = e.atom AND k.level IN ('write', 'permissions')
        WHERE run = $run AND e.kind = 'use' AND e.decision = 'allow' AND e.time >= r.t0 AND e.time < r.t1
          AND l.task IS NOT NULL
        GROUP BY l.task
    )
    SELECT told[1] AS intent, told[2] AS atom, count(*) FROM first WHERE intent IS NOT NULL GROUP BY intent, atom
"""
_SEEN: Final = "UPDATE fact.run SET profile = $profile WHERE key = $run"


def ablation(store: Path, run: int) -> pd.DataFrame:
    """How right the log of a simulated run is: as it is, by times alone, without a field or a system; a row each.

    Percent of the changes to which a question applies, missing where it applies to none; `worth` is how many percent
    points of whole answers are lost. The store stays as it is: the run is copied to where it can be seen otherwise.
    """
    with Store.in_memory() as own:
        key = own.take_in(store, run)
        cursor = own.connection.cursor().execute(_LOG, {"run": key})
        [values] = cursor.fetchall()
        log = dict(zip([name for name, *_ in cursor.description], values, strict=True))
        systems = [name for (name,) in own.rows(_SYSTEMS, {"run": key})]
        found = [
            *_read(own, key, "as logged"),
            *(_without(own, key, field, log) for field in FIELDS),
            *(_deaf_to(own, key, system, log) for system in systems),
        ]
    table = pd.DataFrame(found)
    # Of what applies to no change of a run there is no value, which is one all the same.
    table = table.astype(dict.fromkeys(table.columns.drop("log"), float))
    table.insert(1, "worth", table["whole"].iloc[0] - table["whole"])
    return table


def _without(own: Store, key: int, field: str, log: dict[str, Any]) -> dict[str, Any]:
    """What is right where the log leaves out one more field."""
    return _otherwise(own, key, f"no {field.replace('_', ' ')}", {**log, **{each: each != field for each in FIELDS}})


def _deaf_to(own: Store, key: int, system: str, log: dict[str, Any]) -> dict[str, Any]:
    """What is right where one more system's log is absent."""
    kept = dict.fromkeys(FIELDS, True)
    return _otherwise(own, key, f"no log of {system}", {**log, **kept, "absent": [*log["absent"], system]})


def _otherwise(own: Store, key: int, words: str, log: dict[str, Any]) -> dict[str, Any]:
    """What is right where the run is logged otherwise."""
    name = f"{log['profile']}, {words}"
    own.know_profile({**log, "name": name, "differences": words})
    own.connection.execute(_SEEN, {"profile": name, "run": key})
    return _read(own, key, words)[0]


def _read(own: Store, key: int, seen: str) -> list[dict[str, Any]]:
    """What is right of a log as it is seen now: to whoever reads its fields, then to whoever has only its times."""
    cursor = own.connection.cursor().execute(_SQL, {"run": key})
    names = [name for name, *_ in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    logs, intents = {"fields": seen, "times": "times alone"}, _intents(own, key)
    found = [{"log": logs[row.pop("reader")], **row, **intents} for row in rows]
    return [{name: row[name] for name in ("log", *COLUMNS) if name in row} for row in found]


def _intents(own: Store, key: int) -> dict[str, float | None]:
    """What intents tell of what is changed, as the run is seen now; None where that cannot be told from chance."""
    pairs = own.rows(_INTENTS, {"run": key})
    intents, atoms = ({word: place for place, word in enumerate({row[n] for row in pairs})} for n in (0, 1))
    counts = np.zeros((len(intents), len(atoms)), dtype=np.int64)
    for intent, atom, tasks in pairs:
        counts[intents[intent], atoms[atom]] = tasks
    tells = len(atoms) > 1 and all(counts.sum(axis=axis).max() > 1 for axis in (0, 1))
    return {"intent_tasks": int(counts.sum()), "intent_bits": beyond_chance(counts) if tells else None}
