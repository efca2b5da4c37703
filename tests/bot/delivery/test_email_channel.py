"""E-mail: what a mail says, that it arrives once, and what a refusing server means."""

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.delivery import EmailMailbox, MailSettings, mail_settings
from bot.delivery.dispatcher import ChannelError
from core.alerts import OutboxMessage
from core.answer import Answer, Column, Emphasis, Fact, Note, Table, figure
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
    """A mail server that accepts everything."""
    with serving_mail() as running:
        yield running


def certified(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Return a self-signed certificate for this machine, and a context that presents it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    written = made.public_bytes(serialization.Encoding.PEM)
    (folder / "certificate.pem").write_bytes(written)
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "both.pem").write_bytes(written + secret)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "both.pem")
    return folder / "certificate.pem", context


def send(server: MailServer, said: OutboxMessage) -> str:
    """Send a mail through the server."""
    port = int(server.address.rpartition(":")[2])
    return asyncio.run(EmailMailbox(MailSettings("127.0.0.1", port, is_tls=False, sender=SENDER)).put(said))


def test_mail_says_what_slack_shows_first(server: MailServer) -> None:
    """The subject is the headline; warnings, facts and the question behind it follow, as text and as HTML."""
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
    assert "Flex <b>Credits</b>" in text.get_content()


def test_alert_says_what_to_do_and_who_looks_after_it(server: MailServer) -> None:
    """As in Slack: the advice, the cause and the owner come before the figures, in both parts."""
    told = message()
    figures = [figure("used_credits", Decimal(76)), figure("alert_advice", "Forecast again."), figure("alert_owner", "Ada")]
    alert = replace(told.answer, figures=tuple(figures), emphasis=Emphasis())
    send(server, told._replace(answer=alert))
    [mail] = server.taken
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    lines = text.get_content().splitlines()
    assert lines.index("What to do: Forecast again.") + 1 == lines.index("Owner: Ada") < lines.index("Used: 76 credits")
    assert "Forecast again." in html.get_content()


def test_names_of_others_are_no_headers(server: MailServer) -> None:
    """A line break in a name adds neither a header nor a recipient."""
    send(server, message("Agent x\r\nBcc: eve@example.com\r\n\r\nused 5."))
    [mail] = server.taken
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Agent x Bcc: eve@example.com used 5."


def test_another_try_is_known_for_the_same_mail(server: MailServer) -> None:
    """After a lost receipt the mail is sent again under its Message-ID; other mails, and other recipients', have their own."""
    server.next_reply = "421 taken, and then the line broke"
    with pytest.raises(ChannelError):
        send(server, message())
    again = send(server, message())
    assert [mail["Message-ID"] for mail in server.taken] == [again, again]
    assert len({again, send(server, message(key="level-90")), send(server, message(to="ada@example.com"))}) == 3


@pytest.mark.parametrize(("reply", "is_final"), [("550 no such user", True), ("450 mailbox busy", False)])
def test_refused_reader_is_final_only_if_for_good(server: MailServer, reply: str, is_final: bool) -> None:  # noqa: FBT001
    """An address that does not exist is given up; a busy one is retried. The error quotes the server."""
    server.replies[READER] = reply
    with pytest.raises(ChannelError) as refused:
        send(server, message())
    assert (refused.value.is_final, server.taken) == (is_final, [])
    assert reply in refused.value.reason


def test_one_reader_who_is_refused_costs_the_other_nothing(server: MailServer) -> None:
    """Each address gets a mail of its own: 550 for one of two, and the other receives it once."""
    server.replies["gone@example.com"] = "550 no such user"
    with pytest.raises(ChannelError):
        send(server, message(to="gone@example.com"))
    send(server, message(to="ada@example.com"))
    assert [mail["To"] for mail in server.taken] == ["ada@example.com"]


@pytest.mark.parametrize("reply", ["451 4.7.1 Greylisted, try again in 5 minutes", "452 4.2.2 Mailbox full"])
def test_greylisted_mail_is_tried_again_and_comes_once(server: MailServer, reply: str) -> None:
    """Refused for now, as a recipient or as a mail; the next attempt delivers it."""
    server.next_reply = reply
    with pytest.raises(ChannelError) as refused:
        send(server, message())
    assert (refused.value.is_final, server.taken) == (False, [])
    server.replies[READER] = reply
    with pytest.raises(ChannelError) as refused:
        send(server, message())
    assert (refused.value.is_final, server.taken) == (False, [])
    server.replies.clear()
    send(server, message())
    assert len(server.taken) == 1


@pytest.mark.parametrize("goodbye", ["421 4.4.2 Timeout", "500 what?"])
def test_a_mail_that_was_taken_is_sent_whatever_comes_after(server: MailServer, goodbye: str) -> None:
    """A server that closes the connection badly has accepted the mail: it is not sent again."""
    server.reply_to_quit = goodbye
    send(server, message())
    assert len(server.taken) == 1


def test_a_slow_receipt_is_waited_for(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter may take longer for a mail than a server for its greeting; no second mail is sent."""
    monkeypatch.setattr("bot.delivery.email_channel.SECONDS", 0.5)
    server.seconds = 1.5
    send(server, message())
    assert len(server.taken) == 1


def test_a_receipt_that_never_comes_is_trouble_for_now(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the mail arrived is unknown; the next one has the same Message-ID, so that it can be recognised."""
    monkeypatch.setattr("bot.delivery.email_channel.SECONDS_AFTER_DATA", 0.3)
    server.seconds = 1.0
    with pytest.raises(ChannelError) as trouble:
        send(server, message())
    assert trouble.value.is_final is False


def test_mail_goes_by_starttls_to_who_is_who_they_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that requires STARTTLS gets the mail if its certificate is trusted, and nothing if it is not."""
    certificate, context = certified(tmp_path)
    with serving_mail(context) as server:
        with pytest.raises(ChannelError, match="certificate verify failed"):
            send(server, message())
        assert server.taken == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        send(server, message())
    assert [mail["To"] for mail in server.taken] == [READER]


def test_long_sentences_end_their_subject_at_a_word(server: MailServer) -> None:
    """The mail has the whole headline when it is too long for a subject."""
    send(server, message("The wallet is used up. " * 12))
    [mail] = server.taken
    assert mail["Subject"].endswith(" …")
    assert len(mail["Subject"]) <= 140


def test_server_that_is_down_is_tried_again() -> None:
    """No mail is lost while the server restarts."""
    with serving_mail() as server:
        pass
    with pytest.raises(ChannelError, match="cannot be reached") as trouble:
        send(server, message())
    assert trouble.value.is_final is False


def test_nothing_leaves_the_machine_unencrypted(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A remote server without STARTTLS gets nothing."""
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
    """The sentence names the variable and how to write it, and repeats no secret."""
    with pytest.raises(ConfigError, match=said) as wrong:
        mail_settings({**VARIABLES, **changed})
    assert "secret" not in str(wrong.value)


def test_environment_without_mail_is_no_mistake() -> None:
    """Without e-mail addresses no variable is needed."""
    assert mail_settings({}) is None
    assert mail_settings({**VARIABLES, "AGENTCOST_SMTP": "smtps://mail.example.com"}) == MailSettings(
        "mail.example.com", 465, is_tls=True, sender=SENDER
    )
