"""Mails: what they say, that they arrive once, and what a server that refuses means."""

import asyncio
from collections.abc import Iterator
from datetime import date

import pytest

from bot.delivery import EmailMailbox, MailSettings, mail_settings
from bot.delivery.dispatcher import ChannelError
from core.alerts import OutboxMessage
from core.answer import Answer, Column, Emphasis, Fact, Note, Table
from core.config import Address
from core.errors import ConfigError
from tests.fakes.mail_server import MailServer, serving_mail

SENDER, READER = "agentcost@example.com", "kim@example.com"
VARIABLES = {"AGENTCOST_SMTP": "smtp://mail.example.com:587", "AGENTCOST_MAIL_FROM": SENDER}


def message(headline: str = "The wallet used 76%.", key: str = "level-75", to: str = READER) -> OutboxMessage:
    """Return an alert."""
    table = Table("plans", "Plans", (Column("plan", "Plan", "text"),), (("Flex <b>Credits</b>",),))
    answer = Answer(
        question="wallet",
        title="Alert",
        headline=headline,
        as_of=date(2026, 11, 30),
        tables=(table,),
        notes=(Note("warning", "The data ends on 25 Nov 2026."),),
        emphasis=Emphasis((Fact("Owner", "Kim"),)),
    )
    return OutboxMessage(key, Address("email", to), "Service", answer, key)


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server that takes everything."""
    with serving_mail() as running:
        yield running


def send(server: MailServer, said: OutboxMessage) -> str:
    """Send a mail through the server."""
    port = int(server.address.rpartition(":")[2])
    return asyncio.run(EmailMailbox(MailSettings("127.0.0.1", port, is_tls=False, sender=SENDER)).put(said))


def test_mail_says_what_slack_shows_first(server: MailServer) -> None:
    """Subject is the sentence; warning, facts and the question behind it follow, as text and as HTML."""
    send(server, message())
    [mail] = server.taken
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert (mail["Subject"], mail["From"], mail["To"]) == ("The wallet used 76%.", SENDER, READER)
    assert mail["Auto-Submitted"] == "auto-generated"
    for said in ("The wallet used 76%.", "The data ends on 25 Nov 2026.", "Owner", "agentcost wallet"):
        assert said in text.get_content()
        assert said in html.get_content()
    assert "Flex &lt;b&gt;Credits&lt;/b&gt;" in html.get_content()


def test_names_of_others_are_no_headers(server: MailServer) -> None:
    """A line break in a name adds neither a header nor a recipient."""
    send(server, message("Agent x\r\nBcc: eve@example.com\r\n\r\nused 5."))
    [mail] = server.taken
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Agent x Bcc: eve@example.com used 5."


def test_another_try_is_known_for_the_same_mail(server: MailServer) -> None:
    """A receipt that was lost: the mail goes out again under its Message-ID; other mails, and other readers', have their own."""
    server.next_reply = "421 taken, and then the line broke"
    with pytest.raises(ChannelError):
        send(server, message())
    again = send(server, message())
    assert [mail["Message-ID"] for mail in server.taken] == [again, again]
    assert len({again, send(server, message(key="level-90")), send(server, message(to="ada@example.com"))}) == 3


@pytest.mark.parametrize(("reply", "is_final"), [("550 no such user", True), ("450 mailbox busy", False)])
def test_refused_reader_is_final_only_if_for_good(server: MailServer, reply: str, is_final: bool) -> None:  # noqa: FBT001
    """An address that is not there is given up; one that is busy is tried again. The server's words are told."""
    server.replies[READER] = reply
    with pytest.raises(ChannelError) as refused:
        send(server, message())
    assert (refused.value.is_final, server.taken) == (is_final, [])
    assert reply in refused.value.reason


def test_server_that_is_down_is_tried_again() -> None:
    """Nothing is lost while the mail server restarts."""
    with serving_mail() as server:
        pass
    with pytest.raises(ChannelError, match="cannot be reached") as trouble:
        send(server, message())
    assert trouble.value.is_final is False


def test_nothing_leaves_the_machine_unencrypted(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server elsewhere that offers no STARTTLS gets nothing."""
    monkeypatch.setattr("bot.delivery.email_channel.LOOPBACK", set())  # as if it were elsewhere
    with pytest.raises(ChannelError, match="no STARTTLS"):
        send(server, message())
    assert server.taken == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"AGENTCOST_SMTP": "mail.example.com"}, "AGENTCOST_SMTP"),
        ({"AGENTCOST_SMTP": "smtp://user:secret@mail.example.com"}, "AGENTCOST_SMTP"),
        ({"AGENTCOST_SMTP": "smtp://mail.example.com:mail"}, "AGENTCOST_SMTP"),
        ({"AGENTCOST_MAIL_FROM": "nobody"}, "AGENTCOST_MAIL_FROM"),
        ({"AGENTCOST_SMTP": ""}, "AGENTCOST_SMTP"),
        ({"AGENTCOST_SMTP_USER": "robot"}, "AGENTCOST_SMTP_PASSWORD"),
    ],
)
def test_what_is_wrong_with_the_environment_is_named(changed: dict[str, str], said: str) -> None:
    """The sentence says which variable and how to write it, and repeats no secret."""
    with pytest.raises(ConfigError, match=said) as wrong:
        mail_settings({**VARIABLES, **changed})
    assert "secret" not in str(wrong.value)


def test_environment_without_mail_is_no_mistake() -> None:
    """Whoever sends no mail needs no variable."""
    assert mail_settings({}) is None
    assert mail_settings({**VARIABLES, "AGENTCOST_SMTP": "smtps://mail.example.com"}) == MailSettings(
        "mail.example.com", 465, is_tls=True, sender=SENDER
    )
