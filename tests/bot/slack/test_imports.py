"""Exports that are shared in Slack: fetched, imported, told about; and everything that is not imported."""

from __future__ import annotations

import csv
import io
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot import locations, wiring
from bot.slack.connection.app import asgi, create_app
from bot.slack.shared_files import NAME_CHARACTERS, safe_name
from core.config.slack import Allowed, SlackRules
from tests.fakes.slack.server import SlackServer, member
from tests.fakes.slack.workspace import Workspace, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from bot.slack.listeners.imports import Imported, ImportFiles
    from bot.slack.settings import SlackSettings
    from tests.fakes.asking import Ask

    Serving = Callable[..., AbstractContextManager[Workspace]]

EXPORTS = Path(__file__).parents[2] / "data" / "exports"
LEDGER = (EXPORTS / "ledger.csv").read_bytes()
FAULTS = (EXPORTS / "events_with_faults.csv").read_bytes()
CHANNEL, OTHER_CHANNEL = "C0IMPORTS", "C0TEAM"
MAX_BYTES = 200_000
RULES = SlackRules("Dana Roe", imports=Allowed(users=("U0ASKER",), channels=(CHANNEL,), is_open=False), max_bytes=MAX_BYTES)


@pytest.fixture
def serving(slack: SlackServer, settings: SlackSettings, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Serving:
    """The way to serve the app with the real importer on a warehouse of its own, or with another way to import."""
    monkeypatch.setenv(locations.WAREHOUSE_VARIABLE, str(tmp_path / "warehouse.duckdb"))
    slack.channels |= {CHANNEL}

    @contextmanager
    def serve(import_files: ImportFiles = wiring.import_shared, rules: SlackRules = RULES) -> Iterator[Workspace]:
        app = create_app(ask, settings, lambda: rules, import_files=import_files, learn_files=wiring.learn_shared)
        with served(asgi(app)) as url:
            yield Workspace(slack, url, settings.signing_secret or "")

    return serve


@pytest.fixture
def importing(serving: Serving) -> Iterator[Workspace]:
    """A workspace whose app imports for real."""
    with serving() as workspace:
        yield workspace


def test_shared_export_is_imported_and_reported(importing: Workspace, slack: SlackServer) -> None:
    """The file is named when the import begins, and the report follows in the thread of the message that brought it."""
    importing.share("ledger.csv", LEDGER)
    begun, report = slack.wait_for(2)
    [(channel, timestamp)] = slack.files.messages
    assert "ledger.csv (760 bytes)" in begun.text
    assert "new rows from 1 file" in report.text
    assert {(one.body["channel"], one.body["thread_ts"]) for one in (begun, report)} == {(channel, timestamp)}


def test_progress_shows_as_reaction(importing: Workspace, slack: SlackServer) -> None:
    """An hourglass while it runs, a check mark after; both only beside words."""
    importing.share("ledger.csv", LEDGER)
    assert slack.wait_for_reaction("white_check_mark") == [
        "+hourglass_flowing_sand",
        "-hourglass_flowing_sand",
        "+white_check_mark",
    ]


def test_reaction_that_slack_refuses_stops_nothing(importing: Workspace, slack: SlackServer) -> None:
    """Without the scope for reactions the words still come."""
    slack.files.missing = {"reactions:write"}
    importing.share("ledger.csv", LEDGER)
    assert "new rows" in slack.wait_for(2)[1].text


def test_rejected_rows_come_back_as_a_file(importing: Workspace, slack: SlackServer) -> None:
    """The file is the export's header and rejected rows with their reasons, in the thread of the report."""
    importing.share("events_with_faults.csv", FAULTS)
    slack.wait_for_reaction("white_check_mark")
    [(name, content)] = slack.files.uploads.values()
    header, *rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    lines = FAULTS.decode().splitlines()
    assert name == "events_with_faults.rejected.csv"
    assert header == ["Rejected because", *next(csv.reader(lines))]
    assert rows
    for reason, *cells in rows:
        line = int(reason.removeprefix("line ").partition(":")[0].partition(",")[0])
        assert all(cell.removeprefix("'") in lines[line - 1].replace('""', '"') for cell in cells)
    assert [place[2] for place in slack.files.shared_back] == [slack.sent[1].body["thread_ts"]]


OWN_FILES = {
    "dollars": b"Date,Assistant,Squad,Cost (USD)\n2026-11-20,Returns Bot,Service,$6.20\n2026-11-21,Sales Coach,Sales,$4.30\n",
    "German": b"Usage Date;Bot;Credits\n20.11.2026;Returns Bot;1.240\n21.11.2026;Sales Coach;860\n",
    "American": b'Day,Points Spent\n11/20/2026,"1,240"\n11/21/2026,860\n',
}


@pytest.mark.parametrize("name", OWN_FILES)
def test_file_of_unknown_columns_is_imported_by_one_press(importing: Workspace, slack: SlackServer, name: str) -> None:
    """It is shown how the columns could be read, and nothing is imported; the button imports it, in the same thread."""
    importing.share("bots.csv", OWN_FILES[name])
    proposal = slack.wait_for(2)[1]
    assert "bots.csv can be read as use" in proposal.text
    assert "Nothing has been imported yet" in proposal.text
    importing.press("Import it like this", proposal, channel=proposal.body["channel"])
    report = slack.wait_for(4)[3]
    assert "2 new rows from 1 file" in report.text
    assert report.body["thread_ts"] == proposal.body["thread_ts"]
    assert "bots" in Path("app.yaml").read_text(encoding="utf-8")


def test_proposal_is_for_who_may_import(serving: Serving, slack: SlackServer) -> None:
    """Whoever presses it needs the right that sharing an export needs."""
    with serving() as workspace:
        workspace.share("bots.csv", OWN_FILES["German"])
        proposal = slack.wait_for(2)[1]
        workspace.press("Import it like this", proposal, user="U0OTHER", channel=proposal.body["channel"])
        assert "Dana Roe" in slack.wait_for(3)[2].text
    assert not Path("app.yaml").exists()


def test_rejects_that_slack_does_not_take_are_told(importing: Workspace, slack: SlackServer) -> None:
    """The import stands, and its thread says which scope is missing for the file."""
    slack.files.missing = {"files:write"}
    importing.share("events_with_faults.csv", FAULTS)
    slack.wait_for_reaction("white_check_mark")
    assert "needs the scope files:write" in slack.wait_for(3)[2].text


def test_file_without_rejects_brings_none_back(importing: Workspace, slack: SlackServer) -> None:
    """Where every row is taken, no file follows."""
    importing.share("ledger.csv", LEDGER)
    slack.wait_for_reaction("white_check_mark")
    assert slack.files.uploads == {}


def test_report_offers_what_to_ask_next(importing: Workspace, slack: SlackServer) -> None:
    """A report cannot be asked again, so it has no How?; it leads on to the wallet."""
    importing.share("ledger.csv", LEDGER)
    assert list(slack.wait_for(2)[1].buttons()) == ["Wallet", "By agent", "Reconcile"]


def test_same_export_shared_again_counts_once(importing: Workspace, slack: SlackServer) -> None:
    """Shared in two places, an export is imported once, and each share is answered."""
    importing.share("ledger.csv", LEDGER)
    slack.wait_for(2)
    importing.share_in(CHANNEL, "again.csv", LEDGER)
    assert "every file was imported before" in slack.wait_for(4)[3].text


def test_event_that_comes_twice_is_answered_once(importing: Workspace, slack: SlackServer) -> None:
    """Slack delivers at times twice, under two ids: one share, one import, one report."""
    _, event = importing.share_in(CHANNEL, "ledger.csv", LEDGER)
    importing.event(event, retry=1)
    slack.wait_for_reaction("white_check_mark")
    importing.share("other.csv", LEDGER)
    assert ["other.csv" in sent.text for sent in slack.wait_for(4)][:3] == [False, False, True]


def test_file_in_a_named_channel_is_imported(importing: Workspace, slack: SlackServer) -> None:
    """A channel that app.yaml names for imports is heard; the report hangs below the message that shared the file."""
    slack.files.late = 1
    importing.share_in(CHANNEL, "ledger.csv", LEDGER, user="U0OTHER")
    report = slack.wait_for(2)[1]
    assert (report.body["channel"], (CHANNEL, report.body["thread_ts"]) in slack.files.messages) == (CHANNEL, True)


def test_file_in_any_other_channel_is_left_alone(importing: Workspace, slack: SlackServer) -> None:
    """People share files all day: where app.yaml names no channel, nothing is fetched and nothing said."""
    importing.share_in(OTHER_CHANNEL, "ledger.csv", LEDGER)
    importing.share("own.csv", LEDGER)
    told = [sent.text for sent in slack.wait_for(2)]
    assert ["own.csv" in told[0], "rejected.csv" in "".join(told), "ledger.csv" in "".join(told)] == [True, False, False]


def test_file_of_the_app_itself_is_left_alone(importing: Workspace, slack: SlackServer) -> None:
    """The file of rejected rows is shared too; it is no export."""
    slack.people["U0BOT"] = member()
    importing.share_in(CHANNEL, "rejected.csv", LEDGER, user="U0BOT")
    importing.share("own.csv", LEDGER)
    told = [sent.text for sent in slack.wait_for(2)]
    assert ["own.csv" in told[0], "rejected.csv" in "".join(told), "ledger.csv" in "".join(told)] == [True, False, False]


@pytest.mark.parametrize(
    ("user", "who", "said"),
    [
        ("U0OTHER", member(), "Importing exports is open only to those"),
        ("U0GUEST", member(is_restricted=True), "Importing exports is not open to guests. Please ask Dana Roe."),
    ],
    ids=["member", "guest"],
)
def test_only_who_may_imports(importing: Workspace, slack: SlackServer, user: str, who: dict[str, object], said: str) -> None:
    """Without the right nothing is fetched, and the refusal says whom to ask."""
    slack.people[user] = who
    importing.share("ledger.csv", LEDGER, user=user)
    assert (said in slack.wait_for(1)[0].text, slack.files.downloads) == (True, [])


@pytest.mark.parametrize(
    ("name", "content", "told", "said"),
    [
        ("cat.png", b"\x89PNG", {"mimetype": "image/png"}, "cat.png is not a wallet export: Slack says it is image/png."),
        ("notes.csv", b"some words\nand more\n", {}, "notes.csv"),
        ("empty.csv", b"", {}, "empty.csv is empty."),
        ("huge.csv", LEDGER, {"size": MAX_BYTES + 1}, "huge.csv is larger than the 195.3 KB that may be shared here"),
        ("liar.csv", b"x" * (MAX_BYTES + 1), {"size": 10}, "liar.csv is larger than the 195.3 KB that may be shared here"),
        ("drive.csv", LEDGER, {"mode": "external", "is_external": True}, "drive.csv is a link or a page, not a file."),
        ("gone.csv", LEDGER, {"mode": "tombstone"}, "The file was deleted before I could read it."),
    ],
    ids=lambda one: one if isinstance(one, str) and one.endswith((".csv", ".png")) else "",
)
def test_anything_else_is_refused_in_words(
    importing: Workspace, slack: SlackServer, name: str, content: bytes, told: dict[str, Any], said: str
) -> None:
    """A picture, notes, an empty, too large, deleted or foreign file: the reason is told, and nothing is imported."""
    importing.share(name, content, **told)
    is_fetched = name in {"notes.csv", "empty.csv", "liar.csv"}
    assert said in slack.wait_for(1 + is_fetched)[-1].text


def test_refusal_takes_the_hourglass_away(importing: Workspace, slack: SlackServer) -> None:
    """What turns out to be no export ends with a cross beside the words."""
    importing.share("notes.csv", b"some words\nand more\n")
    assert slack.wait_for_reaction("x") == ["+hourglass_flowing_sand", "-hourglass_flowing_sand", "+x"]


def test_file_deleted_meanwhile_is_told(importing: Workspace, slack: SlackServer) -> None:
    """A file that is gone when it is asked for is said to be gone."""
    slack.files.contents["F0GONE"] = b""
    importing.direct("", subtype="file_share", ts="1763699999.000100", files=[{"id": "F0GONE"}])
    assert slack.wait_for(1)[0].text.startswith("The file was deleted before I could read it.")


@pytest.mark.parametrize("where", ["files.info", "download"])
def test_missing_scope_is_told_by_its_name(importing: Workspace, slack: SlackServer, where: str) -> None:
    """Without files:read Slack refuses, or gives its login page instead of the file: nobody is told of a bad export."""
    slack.files.missing = {"files:read"} if where == "files.info" else set()
    slack.files.leads_to = "/login" if where == "download" else None
    importing.share("ledger.csv", LEDGER)
    told = slack.wait_for(1 if where == "files.info" else 2)[-1].text
    assert "the app lacks the scope files:read" in told


def test_token_goes_to_slack_only(importing: Workspace, slack: SlackServer) -> None:
    """A download that leads elsewhere is not followed, so the token stays with Slack."""
    with SlackServer() as elsewhere:
        slack.files.leads_to = f"{elsewhere.url}/files-pri/F0/download/ledger.csv"
        importing.share("ledger.csv", LEDGER)
        told = slack.wait_for(2)[1].text
        assert (told.startswith("Slack does not store this file."), elsewhere.files.downloads) == (True, [])


def test_redirects_without_end_are_given_up(importing: Workspace, slack: SlackServer) -> None:
    """A download that leads round in a circle ends in words."""
    slack.files.leads_to = "/files-pri/F0/download/ledger.csv"
    importing.share("ledger.csv", LEDGER)
    assert slack.wait_for(2)[1].text.startswith("Slack kept redirecting the download")


def test_one_import_at_a_time(serving: Serving, slack: SlackServer) -> None:
    """While one import runs the next says that it waits, and comes after."""
    began, goes_on, running = threading.Event(), threading.Event(), []

    def slowly(paths: Sequence[Path], who: str) -> Imported:
        running.append(paths[0].name)
        began.set()
        goes_on.wait(20)
        return wiring.import_shared(paths, who)

    with serving(slowly) as workspace:
        workspace.share("first.csv", LEDGER)
        slack.wait_for(1)
        assert began.wait(20)
        workspace.share("second.csv", LEDGER)
        told = slack.wait_for(2)[1].text
        before = list(running)
        goes_on.set()
        slack.wait_for(5)
    assert (told, before, running) == (
        "Another import is running; second.csv (760 bytes) is next in line.",
        ["first.csv"],
        ["first.csv", "second.csv"],
    )


def test_several_files_of_one_message_are_one_import(importing: Workspace, slack: SlackServer) -> None:
    """Files that come together are imported together and reported once."""
    timestamp = "1763699998.000100"
    ids = [slack.files.share(name, content, "D0ASKER", timestamp) for name, content in (("a.csv", LEDGER), ("b.csv", FAULTS))]
    importing.direct("", subtype="file_share", ts=timestamp, files=[{"id": one} for one in ids])
    begun, report = slack.wait_for(2)
    assert begun.text.startswith(f"Importing a.csv ({len(LEDGER)} bytes) and b.csv (")
    assert "from 2 files" in report.text


def test_more_files_than_one_import_takes_are_refused_whole(importing: Workspace, slack: SlackServer) -> None:
    """Eleven files in one message: none is left out unsaid, nothing is imported, and the refusal counts them."""
    timestamp = "1763699997.000100"
    ids = [slack.files.share(f"{nth}.csv", LEDGER, "D0ASKER", timestamp) for nth in range(11)]
    importing.direct("", subtype="file_share", ts=timestamp, files=[{"id": one} for one in ids])
    assert slack.wait_for(1)[0].text == ("I take 10 files of one message, and this one has 11. Share them in several messages.")


def test_import_that_breaks_is_told_by_reference(serving: Serving, slack: SlackServer) -> None:
    """A fault of ours shows no inside, takes the hourglass away, and lets the next import run."""

    def broken(paths: Sequence[Path], who: str) -> Imported:
        raise ZeroDivisionError(paths, who)

    with serving(broken) as workspace:
        workspace.share("ledger.csv", LEDGER)
        told = slack.wait_for(2)[1].text
        slack.wait_for_reaction("x")
    assert told.startswith("Internal error (ref ")


def test_nothing_is_left_on_the_disk(serving: Serving, slack: SlackServer) -> None:
    """After the report the fetched file is gone."""
    seen: list[Path] = []

    def remembering(paths: Sequence[Path], who: str) -> Imported:
        seen.extend(paths)
        return wiring.import_shared(paths, who)

    with serving(remembering) as workspace:
        workspace.share("ledger.csv", LEDGER)
        slack.wait_for_reaction("white_check_mark")
    assert [path.exists() for path in seen] == [False]


def test_app_without_an_importer_says_where_to_import(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """An app that cannot import says how it is done."""
    with served(asgi(create_app(ask, settings, lambda: RULES))) as url:
        Workspace(slack, url, settings.signing_secret or "").share("ledger.csv", LEDGER)
        assert "agentcost import FILE" in slack.wait_for(2)[1].text


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\nb\u202e.csv", "a b.csv"),
        ("", "–"),
        ("...", "shared file"),
        ("x" * 300 + ".csv.gz", "x" * (NAME_CHARACTERS - 7) + ".csv.gz"),
    ],
)
def test_names_are_safe_on_any_disk(name: str, safe: str) -> None:
    """A name makes no path, is one line, and keeps its ending however long it is."""
    assert safe_name(name) == safe
