"""SMTP: one recipient per transaction over reused connections, every failure with its phase (RFC 5321).

smtplib opens the connection (greeting, EHLO, STARTTLS, AUTH), because it is well kept; the transactions are
our own, because smtplib cannot tell a drop in the body from one after the dot.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from digest.channels.smtp.ask import ask_accepted_ids
from digest.channels.smtp.dialogue import ReplyTimeouts, SmtpConnection
from digest.channels.smtp.login import SmtpServer, open_smtp_connection
from digest.delivery.model import AmbiguityPolicy, DomainLimits
from digest.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpChannel:
    """A mail server that relays for us. The password is read from where it is kept, each time it is needed."""

    host: str = "localhost"  # name of the server; its certificate must be for this name
    port: int = 587  # 587 with starttls, 465 with implicit
    tls: Literal["none", "starttls", "implicit"] = "starttls"  # none: only when written; nothing is ever downgraded
    user: str | None = None  # None: no login
    password_env: str | None = None  # environment variable that holds the password
    password_file: Path | None = None  # file that holds the password, its last line break not counted
    ca_file: Path | None = None  # certificates to trust instead of the system's
    connections: int = 2  # open at once
    per_connection: int = 1000  # messages before a connection is renewed
    timeout: float = 300.0  # seconds to wait for each reply (RFC 5321 4.5.3.2)
    timeout_connect: float = 30.0  # seconds to wait for the connection itself
    timeout_dot: float = 600.0  # seconds to wait after the message: short ones create ambiguity
    per_domain: int = 4  # messages under way to one recipient domain; 0 is without limit
    domain_rate: float | None = None  # messages a second to one recipient domain; None is without limit
    pipelining: bool = True  # when the server offers it
    hello: str | None = None  # our name in EHLO; None: the machine's
    ambiguous: AmbiguityPolicy = AmbiguityPolicy.RESEND  # resend, hold or reconcile
    reconcile_command: str | None = None  # gets Message-IDs on stdin, prints those that were accepted
    reconcile_settle: float = 60.0  # seconds before it is asked: logs are late
    reconcile_deadline: float = 900.0  # seconds after which it is not asked any more
    reconcile_fallback: Literal["resend", "hold"] = "hold"  # what becomes of the rows it never named

    def __post_init__(self) -> None:
        if self.ambiguous == AmbiguityPolicy.RECONCILE and not self.reconcile_command:
            raise ValueError("ambiguous: reconcile needs a reconcile_command")
        if self.password_env and self.password_file:
            raise ValueError("password_env and password_file exclude each other")

    @property
    def limits(self) -> DomainLimits:
        """How hard a recipient's domain may be pressed."""
        return DomainLimits(concurrency=self.per_domain, rate=self.domain_rate)

    @property
    def reconcile_window(self) -> tuple[float, float]:
        """Seconds until the reconcile command is asked first, and for the last time."""
        return self.reconcile_settle, self.reconcile_deadline

    @property
    def fallback_policy(self) -> AmbiguityPolicy:
        """What becomes of messages that the command never named."""
        return AmbiguityPolicy(self.reconcile_fallback)

    def accepted_ids(self, message_ids: Sequence[str]) -> frozenset[str]:
        """Which of these the reconcile command names; raises DeliveryError when it fails."""
        return ask_accepted_ids(self.reconcile_command or "", message_ids)

    def connect(self) -> SmtpConnection:
        """A connection, ready for messages; raises ChannelError with the phase that failed."""
        patience = ReplyTimeouts(reply=self.timeout, connect=self.timeout_connect, dot=self.timeout_dot)
        server = SmtpServer(
            host=self.host,
            port=self.port,
            tls=self.tls,
            user=self.user,
            password=self._read_password() if self.user else None,
            ca_file=self.ca_file,
            hello=self.hello,
            pipelining=self.pipelining,
            patience=patience,
            messages=self.per_connection,
        )
        return open_smtp_connection(server)

    def _read_password(self) -> str:
        if self.password_env:
            value = os.environ.get(self.password_env)
            if value is None:
                raise ConfigError(f"smtp {self.host}: the environment variable {self.password_env} is not set")
            return value
        if self.password_file:
            try:
                return self.password_file.read_text("utf-8").rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                raise ConfigError(f"smtp {self.host}: cannot read {self.password_file}: {error}") from error
        raise ConfigError(f"smtp {self.host}: user needs password_env or password_file")
