"""Opening a connection: TCP, greeting, EHLO, TLS, AUTH, each failure told with its phase."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from digest.channels.smtp.dialogue import ReplyTimeouts, SmtpConnection, printable_reply
from digest.delivery.model import ChannelError, Outcome, Phase, Verdict
from digest.delivery.replies import classify_reply

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Whom to speak to, and how."""

    host: str
    port: int
    tls: str
    user: str | None
    password: str | None = field(repr=False)
    ca_file: Path | None
    hello: str | None
    pipelining: bool
    patience: ReplyTimeouts
    messages: int


class _SmtpOpening:
    """The steps from nothing to a connection that takes messages; `phase` is the one under way."""

    def __init__(self, server: SmtpServer) -> None:
        self.server = server
        self.phase = Phase.CONNECT
        self.smtp: smtplib.SMTP | None = None

    def open_connection(self) -> SmtpConnection:
        server = self.server
        smtp = self._connect()
        self._expect_success(Phase.EHLO, smtp.ehlo())
        if server.tls == "starttls":
            self._start_tls(smtp)
        if server.user is not None:
            self._authenticate(smtp, server.user)
        assert smtp.sock is not None
        extensions = {name.lower(): value for name, value in smtp.esmtp_features.items()}
        pipelining = server.pipelining and "pipelining" in extensions
        line = SmtpConnection(smtp.sock, server.patience, pipelining=pipelining, messages=server.messages)
        line.offers_size = "size" in extensions
        return line

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        if server.tls == "implicit":
            secure = smtplib.SMTP_SSL(local_hostname=server.hello, context=self._tls_context())
            self.smtp = secure
        else:
            self.smtp = smtplib.SMTP(local_hostname=server.hello)
        self.smtp.timeout = server.patience.connect
        self.smtp._host = server.host  # type: ignore[attr-defined]  # noqa: SLF001 - what its constructor does, for TLS names
        sock = self.smtp._get_socket(server.host, server.port, server.patience.connect)  # type: ignore[attr-defined]  # noqa: SLF001
        self.smtp.sock = sock
        sock.settimeout(server.patience.reply)
        self.phase = Phase.GREETING
        self._expect_success(Phase.GREETING, self.smtp.getreply())
        self.phase = Phase.EHLO
        return self.smtp

    def _start_tls(self, smtp: smtplib.SMTP) -> None:
        self.phase = Phase.TLS
        if not smtp.has_extn("starttls"):
            raise ChannelError(_configuration_outcome(Phase.TLS, f"{self.server.host} offers no STARTTLS"))
        self._expect_success(Phase.TLS, smtp.starttls(context=self._tls_context()))
        self.phase = Phase.EHLO
        self._expect_success(Phase.EHLO, smtp.ehlo())

    def _authenticate(self, smtp: smtplib.SMTP, user: str) -> None:
        self.phase = Phase.AUTH
        if not smtp.has_extn("auth"):
            raise ChannelError(_configuration_outcome(Phase.AUTH, f"{self.server.host} offers no login"))
        smtp.login(user, self.server.password or "")

    def _tls_context(self) -> ssl.SSLContext:
        ca_file = str(self.server.ca_file) if self.server.ca_file else None
        return ssl.create_default_context(cafile=ca_file)

    def _expect_success(self, phase: Phase, reply: tuple[int, bytes]) -> None:
        code, text = reply
        if not 200 <= code < 300:
            raise smtplib.SMTPResponseException(code, text)
        self.phase = phase


def open_smtp_connection(server: SmtpServer) -> SmtpConnection:
    """A connection ready for messages; raises ChannelError, with nothing left open."""
    opening = _SmtpOpening(server)
    try:
        return opening.open_connection()
    except (OSError, smtplib.SMTPException, ChannelError, ValueError) as error:
        if opening.smtp is not None:
            opening.smtp.close()
        if isinstance(error, ChannelError):
            raise
        raise ChannelError(_outcome_of_error(server, opening.phase, error)) from error


def _outcome_of_error(server: SmtpServer, phase: Phase, error: Exception) -> Outcome:
    where = f"{server.host}:{server.port}"
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
        verdict = classify_reply(phase, error.smtp_code, said)
        return Outcome(verdict=verdict, phase=phase, code=error.smtp_code, text=f"{where}: {printable_reply(said)}")
    if isinstance(error, ssl.SSLCertVerificationError):
        return _configuration_outcome(Phase.TLS, f"{where}: its certificate does not verify: {error.verify_message}")
    if isinstance(error, smtplib.SMTPNotSupportedError | smtplib.SMTPHeloError | ssl.SSLError):
        return _configuration_outcome(phase, f"{where}: {error}")
    if isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected):
        return _configuration_outcome(phase, f"{where}: {error}")
    text = str(error) or type(error).__name__
    return Outcome(verdict=Verdict.CONNECTION, phase=phase, text=f"{where}: {printable_reply(text)}")


def _configuration_outcome(phase: Phase, text: str) -> Outcome:
    return Outcome(verdict=Verdict.CONFIGURATION, phase=phase, text=printable_reply(text))
