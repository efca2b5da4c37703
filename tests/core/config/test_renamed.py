"""Settings under their old names: read as before, and reported as deprecated."""

from decimal import Decimal
from pathlib import Path

import pytest

from core.config.loader import Config, load_config
from core.config.renamed import RENAMED, Renamed
from core.config.service import ServiceSettings, folder_deprecations, rejected_folder
from core.errors import ConfigError


def loaded(folder: Path, text: str) -> Config:
    """Return the configuration loaded from a text."""
    path = folder / "app.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


@pytest.mark.parametrize("renamed", RENAMED, ids=[one.old_name for one in RENAMED])
def test_the_old_name_sets_what_the_new_one_sets(renamed: Renamed, tmp_path: Path) -> None:
    """Only the deprecation differs; it names both."""
    old = loaded(tmp_path, f"{renamed.section}: {{{renamed.old}: 7}}")
    new = loaded(tmp_path, f"{renamed.section}: {{{renamed.new}: 7}}")
    assert old._replace(deprecations=()) == new
    assert new != Config(path=new.path)
    assert new.deprecations == ()
    assert [renamed.old_name in said and renamed.new_name in said for said in old.deprecations] == [True]


def test_other_settings_of_the_section_stay(tmp_path: Path) -> None:
    """An old name next to a new one, in two sections, leaves other settings unchanged."""
    config = loaded(tmp_path, "alerts: {least_usd: 12.5, stale_days: 9}\nservice: {look_every_seconds: 2, refresh_minutes: 30}")
    assert (config.alerts.min_usd, config.alerts.stale_days) == (Decimal("12.5"), 9)
    assert (config.service.poll_seconds, config.service.refresh_minutes) == (2, 30)
    assert len(config.deprecations) == 2


@pytest.mark.parametrize("renamed", RENAMED, ids=[one.old_name for one in RENAMED])
def test_both_names_at_once_are_a_problem(renamed: Renamed, tmp_path: Path) -> None:
    """The intended name is unknown, so neither applies silently; it is the only problem reported."""
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, f"{renamed.section}: {{{renamed.old}: 7, {renamed.new}: 8}}")
    assert caught.value.problems == (
        f"app.yaml: {renamed.old_name} is the old name of {renamed.new_name}, and both are set: remove {renamed.old_name}.",
    )


def test_a_problem_names_the_setting_as_it_stands_in_the_file(tmp_path: Path) -> None:
    """A problem uses the old name if the file does."""
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, "alerts: {least_usd: none}")
    assert caught.value.problems[0].startswith('app.yaml: alerts.least_usd is "none": ')


@pytest.mark.parametrize("text", ["[]", "alerts: none", "alerts: [least_usd]", "alerts:"])
def test_what_is_no_section_has_no_old_names(text: str, tmp_path: Path) -> None:
    """Such a file is rejected for its shape, as before."""
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    assert "old name" not in str(caught.value)


@pytest.mark.parametrize(
    ("there", "used", "findings"),
    [((), "rejected", 0), (("refused",), "refused", 1), (("rejected",), "rejected", 0), (("refused", "rejected"), "rejected", 1)],
)
def test_a_folder_of_the_old_name_is_used_until_it_is_renamed(
    there: tuple[str, ...], used: str, findings: int, tmp_path: Path
) -> None:
    """Whoever watches refused/ still sees the files that could not be imported."""
    for name in there:
        (tmp_path / name).mkdir()
    assert rejected_folder(tmp_path) == used
    assert len(list(folder_deprecations(ServiceSettings(watched_folder=tmp_path)))) == findings


def test_without_a_watched_folder_there_is_nothing_to_rename() -> None:
    """Without a watched folder, no folder is checked either."""
    assert list(folder_deprecations(ServiceSettings())) == []
