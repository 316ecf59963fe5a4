"""A local sendmail program: each copy on its standard input. Its queue takes over from there."""

from __future__ import annotations

import os
import shlex
import subprocess
from dataclasses import dataclass

from digest.delivery.model import AmbiguityPolicy, ChannelError, Outcome, OutgoingMessage, Phase, Verdict

# sysexits.h: what sendmail programs answer with
CONFIGURATION_CODES = {os.EX_USAGE, os.EX_CONFIG, os.EX_NOPERM, os.EX_UNAVAILABLE, 127, 126}
BAD_ADDRESS_CODES = {os.EX_NOUSER, os.EX_NOHOST}
TEMPORARY_CODES = {os.EX_TEMPFAIL, os.EX_OSERR, os.EX_IOERR, os.EX_CANTCREAT, os.EX_PROTOCOL}


@dataclass(frozen=True, slots=True, kw_only=True)
class SendmailChannel:
    """Runs a sendmail program without a shell, one recipient each time."""

    command: str = "/usr/sbin/sendmail -i"  # the sender (-f) and the recipient are added
    timeout: float = 120.0  # seconds; a program that takes longer is killed, and its message is in doubt
    connections: int = 2  # programs at once
    ambiguous: AmbiguityPolicy = AmbiguityPolicy.RESEND  # resend or hold

    def __post_init__(self) -> None:
        if self.ambiguous == AmbiguityPolicy.RECONCILE:
            raise ValueError("ambiguous: a sendmail program cannot be asked; resend or hold")

    @property
    def host(self) -> str:
        return f"sendmail:{self.command}"

    def connect(self) -> SendmailConnection:
        """Find the program; raises ChannelError when it is not there."""
        words = shlex.split(self.command)
        if not words or not os.access(words[0], os.X_OK):
            text = f"{words[0] if words else 'command'}: is not a program that can be run"
            raise ChannelError(Outcome(verdict=Verdict.CONFIGURATION, phase=Phase.CONNECT, text=text))
        return SendmailConnection(words, self.timeout)


class SendmailConnection:
    """The program, ready to be run."""

    def __init__(self, words: list[str], timeout: float) -> None:
        self._words = words
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_alive(self) -> bool:
        return True

    def send(self, outgoing: OutgoingMessage) -> Outcome:
        """One run; its exit code decides (sysexits.h)."""
        command = [*self._words, "-f", outgoing.sender, "--", outgoing.recipient]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the operator's own program, without a shell
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is for us, not for a message under way
            )
        except OSError as error:
            return Outcome(verdict=Verdict.CONFIGURATION, phase=Phase.CONNECT, text=f"{command[0]}: {error.strerror}")
        with self._process as process:
            try:
                _, said = process.communicate(outgoing.body.replace(b"\r\n", b"\n"), self._timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                text = f"{command[0]}: no end after {self._timeout:.0f} seconds"
                return Outcome(verdict=Verdict.AMBIGUOUS, phase=Phase.DOT, text=text)
        return _outcome_of_exit_code(process.returncode, said.decode("utf-8", "replace"))

    def close(self) -> None:
        pass

    def abort(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()


def _outcome_of_exit_code(code: int, said: str) -> Outcome:
    text = " ".join(said.split())[:300]
    if code == 0:
        return Outcome(verdict=Verdict.SENT, phase=Phase.DOT, text=text)
    if code < 0:
        return Outcome(verdict=Verdict.AMBIGUOUS, phase=Phase.DOT, text=f"killed by signal {-code}")
    verdicts = (
        (CONFIGURATION_CODES, Verdict.CONFIGURATION),
        (BAD_ADDRESS_CODES, Verdict.ADDRESS),
        (TEMPORARY_CODES, Verdict.TEMPORARY),
    )
    verdict = next((verdict for codes, verdict in verdicts if code in codes), Verdict.MAILBOX)
    return Outcome(verdict=verdict, phase=Phase.DOT, code=code, text=text or f"exit code {code}")
