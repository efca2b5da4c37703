"""What is deployed: the package by itself, the container's recipe, the unit of systemd."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it is installed elsewhere: built, and unpacked into an empty folder."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", folder, ROOT], check=True, capture_output=True)
    return folder


DATA = {".sql", ".toml", ".json", ".yaml", ".lark"}


def test_the_installed_package_delivers_batch_that_it_reads(installed: Path) -> None:
    """Statements, prices and schemas come with it, not only code."""
    wanted = {path.relative_to(ROOT) for room in ("core", "sql") for path in (ROOT / room).rglob("*") if path.suffix in DATA}
    assert {path for path in wanted if not (installed / "agentcost" / path).exists()} == set()


def test_the_installed_package_takes_one_name(installed: Path) -> None:
    """Nothing called `core` or `bot` lands in site-packages, where other packages may have the same name."""
    names = {path.stem for path in installed.iterdir() if path.suffix != ".dist-info"} - {"__pycache__", "bin"}
    assert names == {"agentcost"}


def test_the_clone_runs_what_it_holds() -> None:
    """An editable installation is a path to the clone, not a copy that goes stale."""
    found = subprocess.run(
        [sys.executable, "-c", "import agentcost, core; print(agentcost.ROOMS, core.__path__[0])"],
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == [str(ROOT), str(ROOT / "core")]


def test_the_installed_package_answers(installed: Path, tmp_path: Path) -> None:
    """Far from the repository the program does what it does there."""
    run = subprocess.run(
        [installed / "bin" / "agentcost", "price 100k credits flex"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed), "XDG_CACHE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.startswith("$500 for 100,000 credits")


def test_the_container_is_made_of_what_there_is() -> None:
    """Every file that the recipe copies is in the repository."""
    recipe = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    copied = [name for line in re.findall(r"^COPY (.+)$", recipe, re.MULTILINE) for name in line.split()[:-1]]
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_compose_builds_that_container_and_holds_no_secret() -> None:
    """Variables are passed on from the environment; none has a value in the file."""
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["agentcost"]
    assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).resolve() == DEPLOY / "Dockerfile"
    assert set(service["environment"].values()) == {None}


@pytest.mark.outside
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """Nothing in the unit is unknown or misspelt."""
    unit = (DEPLOY / "agentcost.service").read_text(encoding="utf-8")
    (tmp_path / "agentcost.service").write_text(
        unit.replace("/opt/agentcost/.venv/bin/agentcost", sys.executable), encoding="utf-8"
    )
    run = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / "agentcost.service"], capture_output=True, text=True, check=False
    )
    assert [line for line in run.stderr.splitlines() if "agentcost" in line] == []
