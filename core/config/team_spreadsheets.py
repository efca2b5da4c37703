"""The spreadsheets to keep up to date: those in app.yaml's list, and those that are a team's channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.config.spreadsheets import SpreadsheetInput
from core.language import Question, print_question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.config.loader import Config
    from core.config.teams import Team


def spreadsheets_of(config: Config) -> tuple[SpreadsheetInput, ...]:
    """Return every spreadsheet with its content; one that only a team names shows the team's part of the wallet."""
    by_id = {id_: team for team in reversed(config.teams) for id_ in team.spreadsheets}
    listed = {said.id for said in config.spreadsheets}
    own = [_of(team, id_) for id_, team in reversed(by_id.items()) if id_ not in listed]
    return tuple(_with_what_is_told(said, by_id) for said in (*config.spreadsheets, *own))


def spreadsheet_urls(config: Config) -> tuple[str | None, Mapping[str, str]]:
    """Return the address that answers link to, and by channel the address of that channel's team."""
    said = spreadsheets_of(config)
    urls = {one.id: one.url for one in said}
    named = [team for team in config.teams if team.spreadsheets]
    return (said[0].url if said else None), {channel: urls[team.spreadsheets[0]] for team in named for channel in team.channels}


def _of(team: Team, id_: str) -> SpreadsheetInput:
    return SpreadsheetInput(id_, id_, team.watches._replace(card=""))


def _with_what_is_told(said: SpreadsheetInput, teams: Mapping[str, Team]) -> SpreadsheetInput:
    team = teams.get(said.id)
    if team is None:
        return said
    commands = ("alerts", "digests") if team.weekly or team.monthly else ("alerts",)
    return said._replace(of_team=tuple(print_question(Question(command, team=team.name)) for command in commands))
