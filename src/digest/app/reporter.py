"""How the application says what it does; the command line prints it, the daemon logs it, a test collects it."""

from __future__ import annotations

from typing import Protocol


class Reporter(Protocol):
    """Takes one line of text at a time."""

    def note(self, message: str) -> None:
        """Something that went as it should."""

    def note_detail(self, message: str) -> None:
        """Something that only the curious want to know."""

    def warn(self, message: str) -> None:
        """Something that somebody should look at."""


class SilentReporter:
    """Says nothing."""

    def note(self, message: str) -> None: ...

    def note_detail(self, message: str) -> None: ...

    def warn(self, message: str) -> None: ...
