"""A folder: one .eml file for each copy, named by its Message-ID, so the same copy twice is one file."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from digest.delivery.model import AmbiguityPolicy, ChannelError, Outcome, Phase, Verdict
from digest.files import write_atomically

if TYPE_CHECKING:
    from digest.delivery.model import OutgoingMessage

OUR_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOTDIR}


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderChannel:
    """Writes `<path>/<edition>/<slot>/<message id>.eml`. Exactly once: a file is whole or absent."""

    path: Path = Path("outbox")  # made when missing

    @property
    def connections(self) -> int:
        return 1

    @property
    def ambiguous(self) -> AmbiguityPolicy:
        """A copy written again is the same file, so sending again is always safe."""
        return AmbiguityPolicy.RESEND

    @property
    def host(self) -> str:
        return f"folder:{self.path}"

    def connect(self) -> FolderConnection:
        """Make the folder; raises ChannelError when that cannot be."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ChannelError(_outcome_of_os_error(Phase.CONNECT, self.path, error)) from error
        return FolderConnection(self.path)


class FolderConnection:
    """The open folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def is_alive(self) -> bool:
        return True

    def send(self, outgoing: OutgoingMessage) -> Outcome:
        folder = self._path / outgoing.issue
        try:
            folder.mkdir(parents=True, exist_ok=True)
            target = write_atomically(folder / f"{outgoing.message_id.partition('@')[0]}.eml", outgoing.body)
        except OSError as error:
            return _outcome_of_os_error(Phase.BODY, folder, error)
        return Outcome(verdict=Verdict.SENT, phase=Phase.DOT, text=str(target))

    def close(self) -> None:
        pass

    def abort(self) -> None:
        pass


def _outcome_of_os_error(phase: Phase, path: Path, error: OSError) -> Outcome:
    ours = error.errno in OUR_ERRORS
    verdict = Verdict.CONFIGURATION if ours else Verdict.CONNECTION
    return Outcome(verdict=verdict, phase=phase, text=f"{path}: {error.strerror or error}")
