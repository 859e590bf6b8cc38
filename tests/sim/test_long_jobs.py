"""Jobs of hours: what they wait between calls is the world's time, and adds up to their law."""

import numpy as np
import pytest

from sim.audit import ids
from sim.streams import Purpose
from sim.workload.fleet import generate
from tests.worlds import SECOND, scenario

SHORT = {"fleet.agents": 40, "window.hours": 48, "sub_agents.share": 0.3, "think.median_s": 1e-9, "think.sigma": 0}


def root_times(**jobs):
    """For each root task what its own calls wait for in all, seconds."""
    settings = {**SHORT, **{f"long_jobs.{key}": value for key, value in jobs.items()}}
    workload = generate(scenario(settings), 5, 0)
    task = ids.task_of(workload.actions.id)
    roots = workload.tasks.id[workload.tasks.id == ids.root_of(workload.tasks.id)]
    place = np.searchsorted(roots, task[np.isin(task, roots)])
    waits = np.bincount(place, workload.actions.think[np.isin(task, roots)], len(roots)) / SECOND
    return workload, roots, waits, np.isin(roots, task)


def test_a_long_job_lasts_as_long_as_its_law_says():
    """The pauses of a job add up to its own draw, whatever the number of its calls, and never beyond the cap."""
    workload, roots, waits, calls = root_times(share=1, median_s=3600, sigma=1, cap_s=7200)
    drawn = workload.streams.of(Purpose.JOB_TIME).lognormal(roots, 3600, 1) / SECOND
    assert waits[calls] == pytest.approx(np.minimum(drawn, 7200)[calls], abs=0.001)
    assert 0.2 < np.mean(waits[calls] > 7199) < 0.3


def test_so_many_root_tasks_are_long_jobs():
    """Three in ten root tasks wait between calls, the others do not."""
    _, _, waits, calls = root_times(share=0.3, median_s=3600, sigma=0, cap_s=7200)
    share, size = np.mean(waits[calls] > 1), calls.sum()
    assert abs(share - 0.3) < 4 * np.sqrt(0.3 * 0.7 / size)


def test_without_long_jobs_nobody_waits():
    """A share of nothing leaves the thought that a scenario gives, and no more."""
    _, _, waits, _ = root_times(share=0)
    assert waits.max() == 0
