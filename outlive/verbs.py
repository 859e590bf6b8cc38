"""One function a verb: what was asked for goes to `import outlive`, what that gives to the terminal.

What a verb needs besides is loaded when it runs, so that `--help` and wrong usage are answered at once.
"""

import argparse
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import outlive
from outlive import arguments
from outlive.settings import settings, widths
from outlive.terminal import one_line, put, say, warn
from sim.audit.refusal import Refusal

if TYPE_CHECKING:
    import pandas as pd

Arguments = argparse.Namespace


def _controls(given: Arguments) -> None:
    """List the bundled control models."""
    found = outlive.controls()
    _list(found, given.format, *(name for name in found if name not in {"name", "summary"}))


def _scenarios(given: Arguments) -> None:
    """List the bundled scenarios."""
    _list(outlive.scenarios(), given.format, "title")


def _platforms(given: Arguments) -> None:
    """List the bundled platforms, or what of control models cannot be had there."""
    found = outlive.platforms(given.control)
    _list(found, given.format, *(() if given.control else ("title", "summary", "stands_for", "per_second")))


def _policies(given: Arguments) -> None:
    """List the bundled policies, or check one and print what it answers for each kind of work, or how it differs."""
    from outlive.tiering import agreement, crossed

    found = outlive.policies(given.policy, given.scenario, given.against)
    if given.against is None or given.format != "table":
        _list(found, given.format)
    else:
        first, second = Path(given.policy).stem, Path(given.against).stem
        _show(crossed(found, first, second), given.format)
        say(f"\n{agreement(found, second)}")


def _measures(given: Arguments) -> None:
    """List the measures."""
    _list(outlive.measures(), given.format, "title")


def _sources(given: Arguments) -> None:
    """List the audit logs that can be ingested."""
    _list(outlive.sources(), given.format)


def _frameworks(given: Arguments) -> None:
    """List the pinned frameworks, or what gives evidence for each id of one, and what nothing here answers."""
    from outlive.frameworks import about, folded

    found = outlive.frameworks(given.framework)
    if given.format != "table":
        _show(found, given.format)
    elif given.framework is None:
        _list(found, given.format, "published", "caution")
    else:
        say(about(given.framework))
        _show(folded(found), given.format)


def _simulate(given: Arguments) -> None:
    """Simulate a scenario under control models into a store."""
    from analysis.report.legible import counted

    runs = outlive.simulate(_request(given), given.into, _progress(given))
    say(f"{counted(len(runs), 'run')} in {given.into}")


def _compare(given: Arguments) -> None:
    """Simulate, measure and compare control models; the first named is the baseline."""
    from outlive.pictures import shown

    until = outlive.Until(widths(given.within), given.most or outlive.Until.most) if given.within else None
    if given.most is not None and until is None:
        raise Refusal("--most is of use with --within only; --replicates says how many there are")
    put(shown(outlive.compare(_request(given), given.into, given.report, _progress(given), until), given.format))


def _split(given: Arguments) -> None:
    """Split the difference of a control model from a baseline over factors and by knobs; the baseline first."""
    from outlive.pictures import shown

    put(shown(outlive.split(_request(given), given.into, given.report, _progress(given)), given.format))


def _breakeven(given: Arguments) -> None:
    """Find the value of a knob at which the ranking of two control models flips."""
    from outlive.pictures import shown

    knob = outlive.Knob(given.over, given.least, given.most)
    put(shown(outlive.breakeven(_request(given), given.quantity, knob, _progress(given)), given.format))


def _assumptions(given: Arguments) -> None:
    """List every default in play: its value, on what it rests, and between what it may plausibly lie."""
    found = outlive.assumptions(_request(given))
    # What fits the width of a terminal; programs get all of it.
    brief = found.drop(columns=["source", "varied"]) if given.format == "table" else found
    _show(brief, given.format)


def _sensitivity(given: Arguments) -> None:
    """Compare two control models with every assumption at both ends of its range, then with all drawn together."""
    from outlive.pictures import shown

    vary = outlive.Variation(given.over, given.known, given.draws)
    found = outlive.sensitivity(_request(given), given.into, vary, given.report, _progress(given))
    put(shown(found, given.format))


def _ingest(given: Arguments) -> None:
    """Read real audit exports into a store."""
    for done in outlive.ingest(given.paths, given.into, given.source, _progress(given), given.pseudonymise):
        read = done.files - done.unread
        say(f"{done.kept:,} of {done.records:,} {done.source} records kept, from {read} of {done.files} files")
        fates = {name: getattr(done, name) for name in ("merged", "repeated", "silent", "rejected")}
        always = ("repeated", "rejected")
        say(", ".join(f"{count:,} {name}" for name, count in fates.items() if count or name in always))
        for note in done.notes:
            say(f"  {one_line(note)}")


def _replay(given: Arguments) -> None:
    """Run what a log shows under other control models; the first named is the baseline."""
    from outlive.pictures import shown

    log = outlive.Log(given.store, given.run)
    put(shown(outlive.replay(log, _request(given), given.into, given.report, _progress(given)), given.format))


def _measure(given: Arguments) -> None:
    """Measure the runs of a store; simulated ones on the truth, ingested ones on their log."""
    asked: dict[str, Any] = settings(given.set)
    if options := sorted(asked.keys() & signature(outlive.measure).parameters.keys()):
        raise Refusal(f"--set {options[0]}: no parameter of a measure")
    what = given.store, given.names, given.run, given.evidence, given.memory
    if given.format == "table":
        from outlive.sheets import sheets

        say(sheets(*what, **asked))
    else:
        _show(outlive.measure(*what, **asked), given.format)


def _explain(given: Arguments) -> None:
    """Print a measure's definition: question, unit, assumptions, source, SQL; or that of what measures share."""
    say(outlive.explain(given.measure))


def _lineage(given: Arguments) -> None:
    """Print who did an event, for whom, under what, and who agreed; without an event, which to ask about."""
    from outlive.pictures import briefly, traced

    of = given.run, given.evidence
    if given.event is None:
        found = outlive.events(given.store, *of)
        _show(briefly(found, "actor") if given.format == "table" else found, given.format)
    else:
        put(traced(outlive.lineage(given.store, given.event, *of, given.report), given.format))


def _answerability(given: Arguments) -> None:
    """List what a log can answer, question by question, and of how many events or credentials it cannot."""
    _list(outlive.answerability(given.store, given.run), given.format)


def _joins(given: Arguments) -> None:
    """List where the logs of a store name the same, how far that is to be trusted, and what can be followed by it."""
    from outlive.pictures import met

    found = outlive.joins(given.store)
    if given.format == "table" and found.empty:
        say("no two logs of this store name the same; one export alone meets no other")
    else:
        _list(met(found) if given.format == "table" else found, given.format)


def _worklist(given: Arguments) -> None:
    """List which credentials to revoke first, most needless access a minute of work, and who would notice."""
    from outlive.listing import paragraph
    from outlive.pictures import cautioned, queued

    found = outlive.worklist(given.store, given.run, given.evidence, given.first)
    if given.format != "table":
        _show(found, given.format)
    elif found.empty:
        say("no credential that this evidence shows is accepted when the window ends")
    else:
        _list(queued(found), given.format)
        say(f"\n{paragraph(cautioned(found))}")


def _ablate(given: Arguments) -> None:
    """Print how much less of what was changed can be told rightly without each field of a log."""
    from outlive.ablation import legend, tables
    from outlive.listing import paragraph

    found = outlive.ablate(given.store, given.run)
    if given.format == "table":
        say("\n\n".join([*tables(found), paragraph(legend(found))]))
    else:
        _show(found, given.format)


def _report(given: Arguments) -> None:
    """Write the report of a store as one HTML file."""
    outlive.report(given.store, given.into, given.comparison, given.run)
    say(str(given.into))


def _export(given: Arguments) -> None:
    """Write what a log shows in a form that others read, and what is lost by it."""
    from outlive.pictures import lost, written

    found = outlive.export(given.store, given.form, given.into, given.run, given.memory)
    if given.format != "table":
        _show(found, given.format)
        return
    if not (shown := lost(found)).empty:
        _list(shown, given.format)
    say(f"\n{written(found, given.into)}")


def _verify(given: Arguments) -> None:
    """Check the rules that every store must keep."""
    result = outlive.verify(given.store)
    _show(result, given.format)
    broken = int((result["broken"] > 0).sum())
    if broken:
        raise Refusal(f"{given.store}: {broken} of {len(result)} rules are broken; simulate or ingest it again")


def _request(given: Arguments) -> "outlive.Request":
    named = given.scenario, given.control, given.replicates, given.seed, given.processes
    return outlive.Request(*named, settings(given.set), given.estimand)


def _show(result: "pd.DataFrame", form: str) -> None:
    from outlive.pictures import printed

    put(printed(result, form))


def _list(found: "pd.DataFrame", form: str, *left_out: object) -> None:
    """Print what there is: as a table, what fits the width of a terminal without some columns; programs get all."""
    from outlive.listing import listing

    _show(listing(found.drop(columns=list(left_out))) if form == "table" else found, form)


def _progress(given: Arguments) -> Callable[[str], None]:
    """What says how far a command is, and goes no further where it was asked to end.

    A library that happens to run a callback or a finalizer just then may swallow what a signal raises.
    """

    def said(message: str) -> None:
        if given.asked:
            raise KeyboardInterrupt
        warn(message)

    return said


VERBS: tuple[tuple[str, Callable[[Arguments], None], Callable[[argparse.ArgumentParser], None]], ...] = (
    ("controls", _controls, arguments.formatted),
    ("scenarios", _scenarios, arguments.formatted),
    ("platforms", _platforms, arguments.clamped),
    ("policies", _policies, arguments.answering),
    ("measures", _measures, arguments.formatted),
    ("sources", _sources, arguments.formatted),
    ("frameworks", _frameworks, arguments.framed),
    ("simulate", _simulate, arguments.simulated),
    ("compare", _compare, arguments.staged),
    ("split", _split, arguments.compared),
    ("breakeven", _breakeven, arguments.sought),
    ("assumptions", _assumptions, arguments.assumed),
    ("sensitivity", _sensitivity, arguments.swept),
    ("ingest", _ingest, arguments.ingested),
    ("replay", _replay, arguments.replayed),
    ("measure", _measure, arguments.measured),
    ("explain", _explain, arguments.explained),
    ("lineage", _lineage, arguments.traced),
    ("answerability", _answerability, arguments.answerable),
    ("joins", _joins, arguments.verified),
    ("worklist", _worklist, arguments.queued),
    ("ablate", _ablate, arguments.ablated),
    ("report", _report, arguments.reported),
    ("export", _export, arguments.exported),
    ("verify", _verify, arguments.verified),
)
