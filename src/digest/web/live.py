"""The real desk: builds in a thread of its own whenever something changed, and keeps the last good issue."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from digest.errors import ConfigError, DigestError
from digest.web.desk import LIVE, Masthead, Proof, Remark, State
from digest.web.saved import labels, saved_proof
from digest.web.watch import Watcher, watched

if TYPE_CHECKING:
    from digest.check import Finding
    from digest.config import Config, Edition
    from digest.press import Pressed
    from digest.web.bell import Bell

FIRST_ANSWER = 1.5  # seconds that a page waits for the first issue before it says that it is being made


class LiveDesk:
    """A `Desk` over a configuration file. `start` begins, `close` ends; `make` is one issue as of now."""

    def __init__(
        self,
        config_path: Path,
        *,
        make: Callable[[Config, Edition], Pressed],
        issues: Path,
        bell: Bell,
        complain: Callable[[str], None],
    ) -> None:
        self.config_path = config_path
        self.issues = issues
        self._make = make
        self._bell = bell
        self._complain = complain
        self._config: Config | None = None
        self._troubles: tuple[str, ...] = ()
        self._states: dict[str, State] = {}
        self._wanted: dict[str, None] = {}
        self._news = threading.Condition()
        self._dirty = threading.Event()
        self._loaded = threading.Event()
        self._watcher = Watcher(self._dirty.set)

    def start(self) -> None:
        """Load, build the first edition, and watch from then on."""
        self._dirty.set()
        threading.Thread(target=self._work, daemon=True, name="press").start()

    def close(self) -> None:
        """Stop watching."""
        self._watcher.close()

    def editions(self) -> Sequence[Masthead]:
        self._loaded.wait(10)
        config = self._config
        if config is None:
            return ()
        return tuple(
            Masthead(key=edition.key, title=edition.title, past=labels(self.issues, edition.key))
            for edition in config.editions.values()
        )

    def troubles(self) -> Sequence[str]:
        return self._troubles

    def live(self, edition: str) -> State:
        with self._news:
            if edition not in self._wanted:
                self._wanted[edition] = None
                self._dirty.set()
            self._news.wait_for(lambda: edition in self._states, FIRST_ANSWER)
            state = self._states.get(edition, State(revision=0))
        return replace(state, troubles=(*self._troubles, *state.troubles))

    def past(self, edition: str, label: str) -> Proof | None:
        if label not in labels(self.issues, edition):
            return None
        masthead = next((found for found in self.editions() if found.key == edition), None)
        return saved_proof(self.issues / edition / label, edition=edition, label=label,
                           title=masthead.title if masthead else edition)  # fmt: skip

    def _work(self) -> None:
        while True:
            self._dirty.wait()
            self._dirty.clear()
            self._load()
            if self._config is not None and not self._troubles:
                for edition in list(self._config.editions.values()):
                    if edition.key in self._wanted and not self._dirty.is_set():
                        self._build(self._config, edition)
            self._bell.ring()

    def _load(self) -> None:
        from digest.config import load

        try:
            config = load(self.config_path)
        except ConfigError as error:
            self._troubles = error.mistakes
        except Exception as error:  # noqa: BLE001 - the preview outlives a bug and says so
            self._troubles = (self._bug(error),)
        else:
            self._config, self._troubles = config, ()
            if not self._wanted:
                self._wanted[next(iter(config.editions))] = None
        self._watcher.follow(watched(self.config_path, self._config))
        self._loaded.set()

    def _build(self, config: Config, edition: Edition) -> None:
        before = self._states.get(edition.key, State(revision=0))
        proof, troubles = self._attempt(config, edition)
        with self._news:
            self._states[edition.key] = State(
                revision=before.revision + 1, proof=proof or before.proof, troubles=troubles
            )
            self._news.notify_all()

    def _attempt(self, config: Config, edition: Edition) -> tuple[Proof | None, tuple[str, ...]]:
        """The issue, or why there is none."""
        try:
            return proof_of(self._make(config, edition), edition), ()
        except ConfigError as error:
            return None, error.mistakes
        except DigestError as error:
            return None, tuple(str(error).splitlines())
        except Exception as error:  # noqa: BLE001 - the preview outlives a bug and says so
            return None, (self._bug(error),)

    def _bug(self, error: Exception) -> str:
        self._complain("".join(traceback.format_exception(error)))
        return f"a bug of digest's own: {type(error).__name__}. The terminal has the details."


def proof_of(pressed: Pressed, edition: Edition) -> Proof:
    """An issue as pages show it, with what the gate says of the letter and of the message; nothing is refused here."""
    from digest.check import check_message
    from digest.message import write
    from digest.model import Reader
    from digest.press import as_data

    desk = Reader(email=edition.envelope.address)
    message = write(pressed.letter, edition.envelope, desk, token=edition.token(desk))
    page = edition.renderer.for_reader(pressed.letter, token=edition.token(desk))
    return Proof(
        edition=edition.key,
        label=LIVE,
        title=edition.title,
        subject=pressed.letter.subject,
        preheader=pressed.letter.preheader,
        html=page.html,
        text=page.text,
        message=message,
        remarks=remarks((*pressed.findings, *check_message(message))),
        data=as_data(pressed),
        articles=pressed.articles,
    )


def remarks(findings: Sequence[Finding]) -> tuple[Remark, ...]:
    """Findings as shown: each once, errors first."""
    said = dict.fromkeys(Remark(level=f.level, code=f.code, message=f.message) for f in findings)
    return tuple(sorted(said, key=lambda remark: remark.level != "error"))
