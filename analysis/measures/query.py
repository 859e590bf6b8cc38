"""What SQL a measure may be: one SELECT over the evidence it is given, which reads no file and no catalogue.

A measure may come from anybody. What it is, is decided on what the database's own parser makes of it, so quotes,
comments and spaces hide nothing.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import duckdb

from analysis.measures.concepts.concepts import concepts

# What a query that only reads is made of; what writes inside a SELECT is a node of another name.
_READING: Final = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
# Functions that make rows of the values they are given: every other one reads files, texts of SQL or the catalogue.
_OF_VALUES: Final = ("generate_series", "json_each", "json_tree", "range", "unnest")
# A table of such a name is a file.
_FILE: Final = re.compile(r"[./\\:*?]")


@cache
def amiss(text: str) -> str | None:
    """Why a text is not one SELECT over evidence alone, in words; None where it is."""
    nodes: list[dict[str, Any]] = []

    def noted(node: dict[str, Any]) -> dict[str, Any]:
        nodes.append(node)
        return node

    try:
        tree = json.loads(_parsed(text), object_hook=noted)
    except RecursionError:
        return "nested too deeply to be read"
    return next(filter(None, [_unparsed(text, tree), *map(_objection, nodes)]), None)


def _parsed(text: str) -> str:
    """The syntax tree of a text, as JSON."""
    [(tree,)] = _parser().execute("SELECT json_serialize_sql($sql)", {"sql": text}).fetchall()
    return str(tree)


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """A database that holds nothing; it only tells what a text means."""
    return duckdb.connect()


@cache
def _catalogue() -> frozenset[str]:
    """What every database says of itself, which no schema needs to be named for."""
    found = _parser().execute("SELECT view_name FROM duckdb_views() WHERE internal").fetchall()
    return frozenset(name for (name,) in found)


def _unparsed(text: str, tree: Mapping[str, Any]) -> str | None:
    """Why a text is not one SELECT."""
    if not tree["error"]:
        count = len(tree["statements"])
        return None if count == 1 else f"holds {count} statements; a measure is one SELECT"
    if "position" not in tree:
        reason = str(tree["error_message"]).splitlines()[0]
        return "a measure is one SELECT and nothing else" if "Only SELECT" in reason else reason
    line = text.encode()[: int(tree["position"])].count(b"\n") + 1
    return f"line {line}: {tree['error_message'].splitlines()[0]}"


def _objection(node: Mapping[str, Any]) -> str | None:
    """What a part of a query does that a measure does not."""
    match node:
        case {"type": "BASE_TABLE"}:
            return _no_evidence(node["catalog_name"], node["schema_name"], node["table_name"])
        case {"type": "TABLE_FUNCTION"}:
            return _not_ours(node["function"])
        case {"type": "FUNCTION", "function_name": str(name)} if name.casefold() == "getvariable":
            return "calls getvariable(); a measure declares a parameter and names it with a $"
        case {"type": "SHOW_REF"}:
            return "describes tables; a measure reads what they hold"
        case {"type": str(kind)} if kind.endswith("_NODE") and kind not in _READING:
            return f"holds {kind.partition('_')[0]}; a measure only reads"
    return None


def _not_ours(function: Mapping[str, Any]) -> str | None:
    """Why a function that gives rows is neither of values nor one that measures share, told to read evidence."""
    name = str(function.get("function_name", "a function"))
    if name.casefold() in _OF_VALUES:
        return None
    if name.casefold() not in concepts():
        return f"calls {name}(); rows come from the evidence, or from {', '.join(_OF_VALUES)}"
    return _told(name, function)


def _told(name: str, function: Mapping[str, Any]) -> str | None:
    """Why one is not told to read the evidence: a text may name any table, however it is put together."""
    given = [argument["expression"] for argument in function["arguments"]]
    return next(filter(None, (_not_given(name, each) for each in given)), None)


def _not_given(name: str, expression: Mapping[str, Any]) -> str | None:
    match expression:
        case {"literal": {"kind": "STRING", "text": str(table)}}:
            return _no_evidence("", "", table)
        case {"literal": _} | {"class": "PARAMETER"}:
            return None
        case {"class": "FUNCTION", "function_name": "+" | "-" | "*" | "/"}:
            return _told(name, expression)
        case _:
            return f"gives {name}() what is neither a name nor a number; a measure takes the evidence it is given"


def _no_evidence(catalog: str, schema: str, table: str) -> str | None:
    name = ".".join(filter(None, (catalog, schema, table)))
    if name != table:
        return f"names a schema ({name}); a measure takes the evidence it is given"
    if table.casefold() in _catalogue():
        return f"reads the catalogue ({table}); a measure takes the evidence it is given"
    return f"reads a file ({table}); a measure takes the evidence it is given" if _FILE.search(table) else None
