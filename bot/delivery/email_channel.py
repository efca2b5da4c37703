"""Email as a channel for alerts and digests: one mail per message, through the mail server in the environment."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from textwrap import shorten
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.delivery.dispatcher import ChannelError
from bot.page import mail_html
from core.answer import Emphasis, Fact, glance
from core.errors import ConfigError
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.alerts import OutboxMessage
    from core.answer import Answer
    from core.config import Address

SERVER, USER, PASSWORD, SENDER = "AGENTCOST_SMTP", "AGENTCOST_SMTP_USER", "AGENTCOST_SMTP_PASSWORD", "AGENTCOST_MAIL_FROM"
PORTS = {"smtp": 587, "smtps": 465}
SECONDS = 30.0
SECONDS_AFTER_DATA = 120.0
"""How long a server may take to accept a complete mail: giving up earlier means a second mail. RFC 5321, 4.5.3.2.6, asks for ten
minutes; a service stop cannot wait that long."""
SUBJECT_CHARACTERS, DIGITS = 140, 32
TOLD_FIRST, MAX_FACTS = {"alert_advice", "alert_cause", "alert_owner"}, 6
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
FIRST_PERMANENT = 500
"""From this reply code on a server will not accept the same mail later either. Source: RFC 5321, section 4.2.1."""


class MailSettings(NamedTuple):
    """How mail is sent. is_tls: from the first byte on, else by STARTTLS, which only a server on this machine may lack."""

    host: str
    port: int
    is_tls: bool
    sender: str
    user: str = ""
    password: str = ""


def mail_settings(variables: Mapping[str, str] | None = None) -> MailSettings | None:
    """Return the mail settings of the environment; None if there are none. Raises: ConfigError, naming every problem."""
    known = os.environ if variables is None else variables
    server, sender = known.get(SERVER, ""), known.get(SENDER, "")
    if not server and not sender:
        return None
    where = urlsplit(server)
    problems = []
    if where.scheme not in PORTS or not where.hostname or where.username or _port(server) is None:
        problems.append(
            f"{SERVER} is not a mail server: write it as smtp://mail.example.com:587, or as smtps://mail.example.com."
        )
    if "@" not in parseaddr(sender)[1]:
        problems.append(f"{SENDER} is not an address to send from: write it as agentcost@example.com.")
    if bool(known.get(USER)) != bool(known.get(PASSWORD)):
        problems.append(f"{USER} and {PASSWORD} go together: set both, or neither.")
    if problems:
        raise ConfigError(problems)
    port = _port(server) or PORTS[where.scheme]
    return MailSettings(str(where.hostname), port, where.scheme == "smtps", sender, known.get(USER, ""), known.get(PASSWORD, ""))


def _port(server: str) -> int | None:
    """Return the port that an address names, 0 for none; None where it is no port."""
    try:
        return urlsplit(server).port or 0
    except ValueError:
        return None


class _WaitsForReceipt(smtplib.SMTP):
    """Waits longer for the answer to a whole mail than for any other."""

    def data(self, msg: Any) -> tuple[int, bytes]:  # noqa: ANN401 - as smtplib has it
        """Send a mail's text and return the server's answer to it."""
        if self.sock:
            self.sock.settimeout(SECONDS_AFTER_DATA)
        return super().data(msg)


class _Patient(_WaitsForReceipt):
    """To a server that is asked for STARTTLS, or to one on this machine."""


class _PatientTls(_WaitsForReceipt, smtplib.SMTP_SSL):
    """To a server that speaks TLS from the first byte on."""


class EmailMailbox:
    """Sends mails.

    A mail server does not say what it accepted before, so a mail whose receipt was lost goes out again. It has the same
    Message-ID, so that mailboxes can recognise it.
    """

    delivers_batch = False

    def __init__(self, settings: MailSettings) -> None:
        """Connect to nothing yet."""
        self._settings = settings

    async def find(self, message: OutboxMessage, since: datetime) -> str | None:  # noqa: ARG002 - as a mailbox has it
        """Return None: a mailbox cannot be searched."""
        return None

    async def history(self, address: Address, since: datetime) -> dict[str, str]:  # noqa: ARG002 - as a mailbox has it
        """Return nothing: as above."""
        return {}

    async def put(self, message: OutboxMessage) -> str:
        """Send a mail and return its Message-ID. Raises: ChannelError."""
        mail = mail_of(message, self._settings.sender)
        try:
            await asyncio.to_thread(self._send, mail)
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            raise ChannelError(_in_words(code, said), is_final=code >= FIRST_PERMANENT) from refused
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as refused:
            is_final = refused.smtp_code >= FIRST_PERMANENT
            raise ChannelError(_in_words(refused.smtp_code, refused.smtp_error), is_final=is_final) from refused
        except (smtplib.SMTPException, OSError) as trouble:
            raise ChannelError(trouble_in_words(trouble)) from trouble
        return str(mail["Message-ID"])

    def check(self) -> None:
        """Connect, sign in and send nothing. Raises: OSError; SMTPException, which is one."""
        with self._connected():
            pass

    def _send(self, mail: EmailMessage) -> None:
        server = self._connected()
        try:
            server.send_message(mail)
        finally:
            # Whatever the server answers to QUIT, the mail is already sent or refused.
            with suppress(OSError):
                server.quit()
            server.close()

    def _connected(self) -> smtplib.SMTP:
        """Return a connection that is encrypted and signed in, but for a server on this machine that knows neither."""
        how, context = self._settings, ssl.create_default_context()
        if how.is_tls:
            server: smtplib.SMTP = _PatientTls(how.host, how.port, timeout=SECONDS, context=context)
        else:
            server = _Patient(how.host, how.port, timeout=SECONDS)
        try:
            server.ehlo()
            if not how.is_tls and (server.has_extn("starttls") or how.host not in LOOPBACK):
                server.starttls(context=context)
            if how.user:
                server.login(how.user, how.password)
        except BaseException:
            server.close()
            raise
        return server


def mail_of(message: OutboxMessage, sender: str) -> EmailMessage:
    """Return a message as a mail: its sentence as subject, then what Slack shows first, as text and as HTML."""
    answer = _with_what_to_do(message.answer)
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, message.address.id
    mail["Subject"] = shorten(_one_line(answer.headline), SUBJECT_CHARACTERS, placeholder=" …")
    mail["Date"] = formatdate(usegmt=True)
    mail["Message-ID"] = f"<{message_id(message)}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # so that no out-of-office reply answers it; RFC 3834
    mail.set_content(mail_text(answer))
    mail.add_alternative(mail_html(answer), subtype="html")
    return mail


def _with_what_to_do(answer: Answer) -> Answer:
    """Return an alert in Slack's order: what to do, the cause and the owner come before its figures."""
    said = [Fact(one.label, str(one.value)) for one in answer.figures if one.key in TOLD_FIRST and one.value]
    if not said:
        return answer
    facts = (*said, *glance(answer).facts)[:MAX_FACTS]
    return replace(answer, emphasis=Emphasis(facts, ""))


def message_id(message: OutboxMessage) -> str:
    """Return an id unique to this message in this mailbox, and the same at every try."""
    return hashlib.sha256(f"{message.key}\n{message.address.id}".encode()).hexdigest()[:DIGITS]


def mail_text(answer: Answer) -> str:
    """Return a message as plain text."""
    seen = glance(answer)
    facts = [f"{fact.label}: {fact.text}" for fact in seen.facts]
    heads = [column.label for column in seen.table.columns] if seen.table else []
    rows = [
        ", ".join(
            f"{head}: {cell}" if place and cell else cell for place, (head, cell) in enumerate(zip(heads, row, strict=True))
        )
        for row in (seen.table.rows if seen.table else ())
    ]
    lines = [
        seen.sentence,
        *seen.warnings,
        "",
        *facts,
        *([""] if rows else []),
        *rows,
        "",
        f"More: agentcost {answer.question}",
        seen.provenance,
    ]
    return "\n".join(_one_line(line) for line in lines) + "\n"


def trouble_in_words(trouble: OSError) -> str:
    """Return why a server could not be used."""
    if isinstance(trouble, smtplib.SMTPAuthenticationError):
        return f"the mail server rejects {USER} or its password"
    if isinstance(trouble, smtplib.SMTPNotSupportedError) and "STARTTLS" not in str(trouble):
        return f"the mail server cannot do what this mail needs: {_one_line(str(trouble))}"
    if isinstance(trouble, smtplib.SMTPNotSupportedError):
        return "the mail server offers no STARTTLS, without which nothing is sent beyond this machine"
    if isinstance(trouble, smtplib.SMTPResponseException):
        return _in_words(trouble.smtp_code, trouble.smtp_error)
    return f"the mail server cannot be reached: {trouble}"


def _in_words(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"the mail server says {code} {_one_line(text)}"


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
