"""How fast logs are read and measured, and how much memory that takes: `make bench`.

Ingest reads two million events of generated CloudTrail (`exports`), of which some are delivered twice. DuckDB, with
its own `unnest`, and pandas, with `json_normalize`, read the same deliveries into the same columns, and so does chdb
where somebody has installed it (`ways`). Each does so in a process of its own, of which the CPU time, of all threads
from start to end, and the greatest resident memory are taken; all must find the same before a ratio is shown
(`taken`). Ours is the whole command, of which the others do only a part. `python -m benchmarks ingest` does this
alone. `python -m benchmarks large`, which `make bench` leaves out, reads one file of 1.5 GB (`large`).

Measures are timed on a fleet of one million credentials of a hundred thousand agents, used one, ten or a hundred
million times in a month (`world.sql`), in a store such as ingest and simulation fill. Two kinds of it:

    observed    a log that keeps everything, entitlements included, so that no measure may answer that it cannot know;
                log evidence
    simulated   the same month as a simulation leaves it, intended actions and needs beside the events; the truth

A measure runs in a process of its own, whose greatest resident memory is taken and is not to pass 4096 MB, on a
connection that may use this much and not more (`--memory`, as `outlive measure` has it); Python and what it loads come
on top, so that is less. The first time includes what several measures share (`concepts`) and is called `first`; once
that is there, the measure alone is `again`. The targets hold for `again` at a hundred million events; what is shared is
made once a command, and is shown beside it. The command that measures everything, as `outlive measure` does without a
name, is timed as well: `all`.

The targets come from prototypes that asked less: when each credential was used last, how much one threat reaches, one
value each. What is asked here has two bounds, counts nothing twice and is exact over time, for which every holding and
every need is sorted, some of them more than once. Most of the targets of what looks at needs are therefore missed; what
a table is to show is that ten times the events take no more than ten times the CPU time (`growth`), in the memory that
is given. On a log whatever is the same in both bounds is worked out once.

pandas does the same work on the same columns (`beside.py`): stale access, and the uses of each principal and resource.
Before any time is shown both results must be equal. Both run in one process, by turns, DuckDB from the file with
nothing made before, pandas from columns that are in memory already; the ratio of the medians is what is told. Blast
radius is not done twice: eight threats with their bounds would be a second implementation, not a comparison.
"""
