"""Every error that `digest` raises on purpose, as one tree.

    DigestError                  anything the user should read as one line
    ├── UsageError               the command line asks for what does not exist
    ├── ConfigError              config.yaml is wrong; carries every mistake at once
    ├── SourceError              one source could not be read
    ├── RejectedError            one document holds nothing usable
    ├── TemplateError            a template is wrong; names file, line and mark
    ├── VerbatimError            a sentence is not in its article: never printed, always a bug
    ├── CheckError               the gate refuses a letter
    ├── StoreError               the store could not be opened, read or written
    ├── OutputError              a file could not be written
    ├── DeliveryError            a channel refused or broke
    └── AlreadyRunningError      another daemon holds the store

Third-party exceptions are translated into these where the library is used (`raise ... from error`),
and the message names its subject: which file, feed, article, reader.
"""

from __future__ import annotations


class DigestError(Exception):
    """Something the user can understand and mend; printed as one line, without a traceback."""

    exit_code = 1


class UsageError(DigestError):
    """The command line names something that does not exist."""

    exit_code = 2


class ConfigError(DigestError):
    """The configuration is wrong; `mistakes` holds every one of them, each with its place."""

    exit_code = 3

    def __init__(self, *mistakes: str) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class SourceError(DigestError):
    """A source could not be read; the message names it and the remedy."""

    exit_code = 5


class RejectedError(DigestError):
    """A document holds nothing that can be printed; the message is the reason."""

    exit_code = 5


class TemplateError(DigestError):
    """A template is wrong; the message names the file, the line and the mark."""

    exit_code = 3


class VerbatimError(DigestError):
    """A sentence is not found at its own place in its article."""


class CheckError(DigestError):
    """The gate found errors in a letter, so it does not leave."""


class StoreError(DigestError):
    """The store could not be opened, read or written."""


class OutputError(DigestError):
    """A file could not be written; the message names it."""


class DeliveryError(DigestError):
    """A channel could not deliver."""


class AlreadyRunningError(DigestError):
    """Another daemon works on the same store."""

    exit_code = 7
