"""Notebooks run from top to bottom, import only `outlive`, and are kept without outputs."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def _code(notebook: nbformat.NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    """Each notebook as it lies in the repository."""
    return nbformat.read(request.param, as_version=4)


# What a run is cut down to where there is no time for all of it.
FEWER = {
    r"replicates=\d+": "replicates=2", r'"scenario\.window\.hours": \d+': '"scenario.window.hours": 1',
    r'"scenario\.window\.warm_up_hours": \d+': '"scenario.window.warm_up_hours": 0.5',
}  # fmt: skip


@pytest.mark.parametrize("fewer", [FEWER, pytest.param({}, marks=pytest.mark.soak)], ids=["cut down", "as it is"])
def test_it_runs(notebook, tmp_path, fewer):
    """Every cell succeeds in a folder with nothing in it, and every cell that ends in an expression shows something."""
    for cell in notebook.cells:
        for wide, narrow in fewer.items():
            cell.source = re.sub(wide, narrow, cell.source)
    done = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    silent = [cell.source for cell in done.cells if cell.cell_type == "code" and not cell.outputs]
    assert silent == []


def test_it_imports_only_outlive(notebook):
    """What an architect types needs one package."""
    imported = set(re.findall(r"^\s*(?:import|from)\s+(\w+)", "\n".join(_code(notebook)), re.MULTILINE))
    assert imported == {"outlive"}


def test_it_is_kept_without_outputs(notebook):
    """Nothing that a run left behind is committed."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


def test_there_are_notebooks():
    """The folder holds at least one."""
    assert NOTEBOOKS
