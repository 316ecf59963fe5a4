"""A maildir: one file for each copy in `new/`, named by its Message-ID, so the same copy twice is one mail."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from digest.delivery.model import AmbiguityPolicy, ChannelError, Outcome, Phase, Verdict

if TYPE_CHECKING:
    from digest.delivery.model import OutgoingMessage

SUBFOLDERS = ("tmp", "new", "cur")


@dataclass(frozen=True, slots=True, kw_only=True)
class MaildirChannel:
    """Delivers into a maildir (https://cr.yp.to/proto/maildir.html). Exactly once, also after a reader moved it."""

    path: Path  # the maildir itself; made when missing

    @property
    def connections(self) -> int:
        return 1

    @property
    def ambiguous(self) -> AmbiguityPolicy:
        """A copy written again is found under its name, so sending again is always safe."""
        return AmbiguityPolicy.RESEND

    @property
    def host(self) -> str:
        return f"maildir:{self.path}"

    def connect(self) -> MaildirConnection:
        """Make the three folders; raises ChannelError when that cannot be."""
        try:
            for name in SUBFOLDERS:
                (self.path / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ChannelError(_outcome_of_os_error(Phase.CONNECT, self.path, error)) from error
        return MaildirConnection(self.path)


class MaildirConnection:
    """The open maildir."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = {mail.name.partition(":")[0] for name in ("new", "cur") for mail in (path / name).iterdir()}

    @property
    def is_alive(self) -> bool:
        return True

    def send(self, outgoing: OutgoingMessage) -> Outcome:
        """Write to `tmp`, then link into `new`: a mail reader sees all of it or nothing."""
        name = f"{outgoing.message_id.partition('@')[0]}.digest"
        done = Outcome(verdict=Verdict.SENT, phase=Phase.DOT, text=name)
        if name in self._seen:
            return done
        temporary, target = self._path / "tmp" / name, self._path / "new" / name
        try:
            with temporary.open("wb") as file:
                file.write(outgoing.body.replace(b"\r\n", b"\n"))
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
            _sync_folder(target.parent)
        except OSError as error:
            return _outcome_of_os_error(Phase.BODY, self._path, error)
        self._seen.add(name)
        return done

    def close(self) -> None:
        pass

    def abort(self) -> None:
        pass


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _outcome_of_os_error(phase: Phase, path: Path, error: OSError) -> Outcome:
    passing = error.errno in {errno.EINTR, errno.EAGAIN, errno.ESTALE}
    verdict = Verdict.CONNECTION if passing else Verdict.CONFIGURATION
    return Outcome(verdict=verdict, phase=phase, text=f"{path}: {error.strerror or error}")
