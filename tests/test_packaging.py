"""What is delivered: a wheel that works away from the clone, and files that name no package registry."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from uv import find_uv_bin

ROOT = Path(__file__).parents[1]
HOSTS = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "deb" + ".debian.org",
    "ana" + "conda.org",
]
INSTALL = ["pip", "install", "--quiet", "--require-hashes", "--constraints", ROOT / "requirements.lock"]
BESIDE_THE_CLONE = ".." + "/shared"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from the working tree."""
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The programs of a new environment with the wheel, the locked packages it needs, nothing else."""
    environment = tmp_path_factory.mktemp("environment")
    _run(find_uv_bin(), "venv", "--quiet", "--clear", "--python", sys.executable, environment)
    wanted = environment / "wanted.txt"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    wanted.write_text(f"outlive @ {wheel.as_uri()} --hash=sha256:{digest}")
    install = [find_uv_bin(), *INSTALL, "--python", environment, "--requirements", wanted]
    # The packages are in uv's cache since .venv was made, unless someone emptied it.
    if subprocess.run([*install, "--offline"], capture_output=True, check=False).returncode:
        _run(*install)
    return environment / "bin"


def test_the_wheel_holds_three_packages(wheel):
    """The wheel's top-level packages are outlive, sim and analysis."""
    tops = {name.split("/")[0] for name in _names(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"outlive", "sim", "analysis"}


def test_the_wheel_leaves_nothing_behind(wheel):
    """Every file of the packages is in the wheel, and those of data/ are in it as outlive/bundled_data."""
    delivered = {name for name in _names(wheel) if ".dist-info/" not in name}
    files = _files("outlive", "sim", "analysis", "data")
    assert any(name.startswith("data/") for name in files)
    assert {name.removeprefix("outlive/bundled_") for name in delivered} == set(files)


@pytest.mark.parametrize(("argument", "expected"), [("--version", "outlive 0.1.0"), ("controls", "standing_key")])
def test_the_wheel_works_alone(installed, tmp_path, argument, expected):
    """Away from the clone, with an empty environment, the installed program finds what it carries."""
    bare = {"HOME": str(tmp_path), "LANG": "C.UTF-8"}
    printed = _run(installed / "outlive", argument, cwd=tmp_path, env=bare)
    assert expected in printed


def test_no_file_names_a_registry():
    """No file of the project holds the name of a package registry's host."""
    found = {name: host for name in _files() for host in HOSTS if host.encode() in (ROOT / name).read_bytes()}
    assert found == {}


def test_no_lock_names_a_registry():
    """The kinds of lock file that record hosts and addresses are not used."""
    assert [name for name in ("uv.lock", "pylock.toml") if (ROOT / name).exists()] == []


def test_only_ci_looks_beside_the_clone():
    """Only .ci/run names the folder beside the clone."""
    naming = [name for name in _files() if BESIDE_THE_CLONE.encode() in (ROOT / name).read_bytes()]
    assert naming == [".ci/run"]


def _run(*command, **options) -> str:
    ran = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def _names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def _files(*folders: str) -> list[str]:
    kinds = ["--cached", "--others", "--exclude-standard"]
    listed = _run("git", "ls-files", "-z", *kinds, "--", *folders, cwd=ROOT)
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
