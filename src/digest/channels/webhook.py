"""A webhook: each copy as JSON in a POST, with an idempotency key that is the copy's Message-ID."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.delivery.model import AmbiguityPolicy, Outcome, Phase, Verdict
from digest.errors import ConfigError

if TYPE_CHECKING:
    from urllib3 import PoolManager

    from digest.delivery.model import OutgoingMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChannel:
    """POSTs each copy to a service of the operator's own.

    The body is `{"id", "issue", "from", "to", "subject", "html", "text", "message"}` (`message`: the whole e-mail), the
    header `Idempotency-Key` the id: a service that honours it makes this channel exactly once.
    """

    url: str  # http or https
    token_env: str | None = None  # environment variable with a bearer token
    token_file: Path | None = None  # file with a bearer token
    timeout: float = 30.0  # seconds
    connections: int = 2  # requests at once
    idempotent: bool = True  # the service honours Idempotency-Key; false: a lost answer leaves the copy in doubt

    def __post_init__(self) -> None:
        if not self.url.startswith(("https://", "http://")):
            raise ValueError("url begins with https:// or http://")
        if self.token_env and self.token_file:
            raise ValueError("token_env and token_file exclude each other")

    @property
    def ambiguous(self) -> AmbiguityPolicy:
        """With an idempotency key sending again is safe; without one a copy in doubt is held."""
        return AmbiguityPolicy.RESEND if self.idempotent else AmbiguityPolicy.HOLD

    @property
    def host(self) -> str:
        return f"webhook:{self.url.partition('?')[0]}"

    def connect(self) -> WebhookConnection:
        """A pool of one connection; nothing is sent yet."""
        from urllib3 import PoolManager, Retry

        pool = PoolManager(num_pools=1, maxsize=1, retries=Retry(0, redirect=0), timeout=self.timeout)
        headers = {"Content-Type": "application/json", "User-Agent": "digest"}
        token = self._read_token()
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return WebhookConnection(self.url, pool, headers)

    def _read_token(self) -> str | None:
        if self.token_env:
            value = os.environ.get(self.token_env)
            if value is None:
                raise ConfigError(f"webhook: the environment variable {self.token_env} is not set")
            return value
        if self.token_file:
            try:
                return self.token_file.read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise ConfigError(f"webhook: cannot read {self.token_file}: {error}") from error
        return None


class WebhookConnection:
    """An open pool."""

    def __init__(self, url: str, pool: PoolManager, headers: dict[str, str]) -> None:
        self._url = url
        self._pool = pool
        self._headers = headers

    @property
    def is_alive(self) -> bool:
        return True

    def send(self, outgoing: OutgoingMessage) -> Outcome:
        """One POST; the status code decides."""
        from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError, SSLError

        headers = {**self._headers, "Idempotency-Key": outgoing.message_id}
        try:
            answer = self._pool.request(
                "POST", self._url, body=json.dumps(_copy_as_data(outgoing)), headers=headers, preload_content=False
            )
            said = answer.read(2000).decode("utf-8", "replace")
            answer.drain_conn()
        except HTTPError as error:
            reason = error.reason if isinstance(error, MaxRetryError) else error
            if isinstance(reason, SSLError):
                return Outcome(verdict=Verdict.CONFIGURATION, phase=Phase.TLS, text=_printable_reply(str(reason)))
            refused = isinstance(reason, NewConnectionError)
            verdict, phase = (Verdict.CONNECTION, Phase.CONNECT) if refused else (Verdict.AMBIGUOUS, Phase.DOT)
            return Outcome(verdict=verdict, phase=phase, text=_printable_reply(str(reason)))
        return _outcome_of_status(answer.status, _printable_reply(said))

    def close(self) -> None:
        self._pool.clear()

    def abort(self) -> None:
        self._pool.clear()


def _copy_as_data(outgoing: OutgoingMessage) -> dict[str, Any]:
    message = message_from_bytes(outgoing.body, policy=default)
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    return {
        "id": outgoing.message_id,
        "issue": outgoing.issue,
        "from": outgoing.sender,
        "to": outgoing.recipient,
        "subject": str(message["Subject"] or ""),
        "html": html.get_content().replace("\r\n", "\n") if html else None,
        "text": text.get_content().replace("\r\n", "\n") if text else None,
        "message": outgoing.body.decode("utf-8", "replace"),
    }


def _outcome_of_status(status: int, said: str) -> Outcome:
    """2xx accepted, 409 accepted before; 401, 403, 404, 3xx: we are wrong; 408, 425, 429, 5xx: later; else refused."""
    if 200 <= status < 300 or status == 409:
        verdict = Verdict.SENT
    elif status in {401, 403, 404, 405} or 300 <= status < 400:
        verdict = Verdict.CONFIGURATION
    elif status in {408, 425, 429} or status >= 500:
        verdict = Verdict.TEMPORARY
    else:
        verdict = Verdict.MAILBOX
    return Outcome(verdict=verdict, phase=Phase.DOT, code=status, text=said)


def _printable_reply(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
