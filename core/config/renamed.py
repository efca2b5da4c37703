"""Renamed settings: the old name is still read, and `doctor` says what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.config.registry import SECTIONS
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Renamed(NamedTuple):
    """A setting of a section, and its name before 0.2."""

    section: str
    old: str
    new: str

    @property
    def old_name(self) -> str:
        """The old name of the setting, section first."""
        return f"{self.section}.{self.old}"

    @property
    def new_name(self) -> str:
        """The current name of the setting, section first."""
        return f"{self.section}.{self.new}"

    def is_in(self, raw: Mapping[str, Any]) -> bool:
        """Whether a configuration uses the old name."""
        section = raw.get(self.section)
        return isinstance(section, dict) and self.old in section

    def has_both(self, raw: Mapping[str, Any]) -> bool:
        """Whether a configuration uses both names."""
        return self.is_in(raw) and self.new in raw[self.section]


RENAMED = tuple(
    Renamed(name, setting.formerly, setting.name)
    for name, section in SECTIONS.items()
    for setting in section.settings
    if setting.formerly
)


def old_names(raw: object) -> tuple[Renamed, ...]:
    """Return the settings for which a configuration uses the old name."""
    return tuple(one for one in RENAMED if one.is_in(raw)) if isinstance(raw, dict) else ()


def with_new_names(raw: Any) -> Any:  # noqa: ANN401 - what a person wrote may be anything
    """Return a configuration with only the new names; if it sets both, the value of the new name stays."""
    for one in old_names(raw):
        section = dict(raw[one.section])
        section.setdefault(one.new, section.pop(one.old))
        raw = {**raw, one.section: section}
    return raw


def deprecations(raw: object) -> Iterator[str]:
    """Yield a sentence for each setting under its old name."""
    for one in old_names(raw):
        yield f"{one.old_name} is now called {one.new_name}: rename it. The old name is still read, but will not be forever."


def clashes(raw: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    """Yield a sentence for each setting present under both names: it is undefined which of the two applies."""
    for one in old_names(raw):
        if one.has_both(raw):
            yield f"{one.old_name} is the old name of {one.new_name}, and both are set: remove {one.old_name}."


def in_old_words(problem: str, raw: Any) -> str:  # noqa: ANN401 - as above
    """Return a problem in the configuration's own names, so that the reader finds the line."""
    for one in old_names(raw):
        if not one.has_both(raw):
            problem = problem.replace(one.new_name, one.old_name)
    return problem
