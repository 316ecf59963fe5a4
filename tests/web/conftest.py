"""A desk made of paper, a request without a socket, a real server, a real Chromium."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from digest.app.editorial import EditionCalendar, PastIssue, UpcomingSlot
from digest.archive.read import IssuePreview
from digest.errors import DeliveryError, StoreError
from digest.stages.explain import DocumentEvidence, DocumentPiece, IssueEvidence, Retelling
from digest.web.app import create_application
from digest.web.backend import LIVE, EditionEntry, EditorDecisions, PreviewState, SourceHealth
from digest.web.events import EventStream
from digest.web.security import AccessPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.stages.edit import Edit

TOKEN = "a-token-made-at-start"
LETTER = """<!DOCTYPE html><html lang="en" dir="auto"><head><meta charset="utf-8"><title>Quiet week</title>
<meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width">
<style>.box{color:#111} @media (prefers-color-scheme:dark){.box{color:#eee !important;background:#161b22 !important}}</style>
</head><body><div class="box" id="box"><h1>Quiet week</h1><p>Nothing happened, says the harbour master.</p>
<a href="https://example.org/a">Read on</a></div></body></html>"""


ARTICLE = "Nothing happened, says the harbour master. He has said so before."
DATA: dict[str, Any] = {
    "id": "daily/2026-11-23",
    "top": [{"text": "Nothing happened, says the harbour master.", "article": "a.txt", "paragraph": 0, "start": 0, "end": 42}],
    "sections": [
        {"theme": "Harbour", "key": "harbour", "brief": [], "stories": [
            {"id": "a.txt", "title": "Quiet week", "title_made": True, "publisher": "Wire", "update": False,
             "also": [{"id": "b.txt", "publisher": "Echo", "url": None, "relation": "copy"}],
             "sentences": [{"text": "Nothing happened, says the harbour master.", "article": "a.txt", "paragraph": 0,
                            "start": 0, "end": 42}],
             "why": [{"term": "harbour", "weight": 0.7, "where": "text"}], "secondary": ["Sea"]},
            {"id": "c.txt", "title": "Second", "also": [], "sentences": []}]},
    ],
    "problems": [{"stage": "clean", "subject": "texts: d.txt", "message": "no text"}],
    "counts": {"stories": 2, "articles": 3, "words": 9, "minutes": 1},
}  # fmt: skip
TOLD = Retelling(article="b.txt", title="Quiet", publisher="Echo", relation="copy", overlap=0.97)
PIECES = (DocumentPiece(text=ARTICLE, paragraph=0), DocumentPiece(text="Share this", reason="share"))


def document(key: str, **changes: Any) -> DocumentEvidence:
    given: dict[str, Any] = {
        "key": key, "title": key, "source": "texts", "publisher": "", "url": "", "low_confidence": False,
        "truncated": False, "pieces": PIECES, "lead": "a.txt",
    }  # fmt: skip
    return DocumentEvidence(**{**given, **changes})


EVIDENCE = IssueEvidence(
    issue="daily/2026-11-23",
    documents=(document("a.txt", told=(TOLD,)), document("b.txt"), document("d.txt", lead="", truncated=True)),
)
DAYS = EditionCalendar(
    lines=("0 7 * * *",),
    zone="UTC",
    coming=(UpcomingSlot(label="2026-11-24", when="Tuesday 24 November 2026, 07:00 UTC", note="gap"),),
    gone=(
        PastIssue(id=7, label="2026-11-23", state="held", reason="", when="2026-11-23 07:00", copies={"pending": 2}),
    ),
    stuck=("2026-11-20: a@example.org by daily/smtp: dead: 550 no such user",),
)
HEALTH = (
    SourceHealth(
        name="texts", kind="files", documents=3, problems=("d.txt: no text",), last_success="2026-11-23 07:00 UTC"
    ),
    SourceHealth(name="wires", kind="feed", documents=0, problems=(), failure="wires: no answer within 10 s"),
)


def proof(**changes: Any) -> IssuePreview:
    given: dict[str, Any] = {
        "edition": "daily",
        "label": LIVE,
        "title": "My digest",
        "subject": "Quiet week at the harbour",
        "preheader": "Nothing happened",
        "html": LETTER,
        "text": "QUIET WEEK\n\nNothing happened, says the harbour master.\n",
        "message": b"From: a@example.org\r\nSubject: =?utf-8?q?Quiet_w=C3=A9ek?=\r\n\r\nbody\r\n",
        "remarks": (),
        "data": DATA,
        "evidence": EVIDENCE,
    }
    return IssuePreview(**{**given, **changes})


@dataclass
class InMemoryBackend:
    """A desk whose answers are written down beforehand."""

    states: dict[str, PreviewState] = field(default_factory=lambda: {"daily": PreviewState(revision=1, proof=proof())})
    saved: dict[str, IssuePreview] = field(
        default_factory=lambda: {"2026-11-20": proof(label="2026-11-20", subject="Friday")}
    )
    wrong: tuple[str, ...] = ()
    made: list[Edit] = field(default_factory=list)
    late: list[Edit] = field(default_factory=list)
    days: EditionCalendar = DAYS
    health: tuple[SourceHealth, ...] = HEALTH
    did: list[str] = field(default_factory=list)

    def editions(self) -> tuple[EditionEntry, ...]:
        return tuple(EditionEntry(key=key, title="My digest", past=tuple(self.saved)) for key in self.states)

    def live_issue(self, edition: str) -> PreviewState:
        return self.states[edition]

    def past_issue(self, edition: str, label: str) -> IssuePreview | None:  # noqa: ARG002
        return self.saved.get(label)

    def configuration_mistakes(self) -> tuple[str, ...]:
        return self.wrong

    def editor_decisions(self, edition: str) -> EditorDecisions:  # noqa: ARG002
        return EditorDecisions(
            made=tuple(self.made), waiting=tuple(self.late), themes={"harbour": "Harbour", "sea": "Sea"}
        )

    def record_decision(self, edition: str, edit: Edit, *, undo: bool = False) -> None:  # noqa: ARG002
        self.made = [one for one in self.made if (one.verb, one.story) != (edit.verb, edit.story)]
        self.made += [] if undo else [edit]

    def edition_calendar(self, edition: str) -> EditionCalendar:  # noqa: ARG002
        if self.wrong:
            raise StoreError("the store is not there")
        return self.days

    def source_health(self, edition: str) -> tuple[SourceHealth, ...]:  # noqa: ARG002
        return self.health

    def refetch_sources(self, edition: str) -> None:
        self.did.append(f"visit {edition}")

    def send_test_copy(self, edition: str, label: str, address: str) -> str:
        if "@" not in address:
            raise DeliveryError(f"{address!r} is not an address")
        self.did.append(f"send {edition}/{label} {address}")
        return "daily/folder"

    def apply_ruling(self, edition: str, verdict: str, issue: int | None = None) -> None:
        self.did.append(f"{verdict} {edition} {issue}")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str


def ask(
    app: Any,
    path: str,
    *,
    method: str = "GET",
    headers: dict[str, str] | list[tuple[str, str]] | None = None,
    body: bytes = b"",
) -> Answer:
    """One request to the application, without a socket."""
    given = headers.items() if isinstance(headers, dict) else headers or [("host", "127.0.0.1:8025")]
    pairs = [(name.encode(), value.encode("latin-1")) for name, value in given]
    if not any(name == b"host" for name, _ in pairs):
        pairs.append((b"host", b"127.0.0.1:8025"))
    raw, _, query = path.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": raw, "scheme": "http",
        "raw_path": raw.encode(), "query_string": query.encode(), "headers": pairs, "root_path": "",
        "server": ("127.0.0.1", 8025), "client": ("127.0.0.1", 5),
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as thread:  # Playwright keeps a loop running in this one
        thread.submit(asyncio.run, app(scope, receive, send)).result()
    start = sent[0]
    answered = {name.decode(): value.decode() for name, value in start["headers"]}
    text = b"".join(message.get("body", b"") for message in sent[1:]).decode()
    return Answer(start["status"], answered, text)


@pytest.fixture
def backend() -> InMemoryBackend:
    return InMemoryBackend()


@pytest.fixture
def app(backend: InMemoryBackend) -> Any:
    return create_application(backend, policy=AccessPolicy(token=TOKEN), events=EventStream())


@dataclass(frozen=True)
class Served:
    url: str
    events: EventStream
    backend: InMemoryBackend


@pytest.fixture
def served(backend: InMemoryBackend) -> Iterator[Served]:
    """The application on a port of its own."""
    from digest.web.serve import open_listening_socket, serve_until_signal

    events = EventStream()
    listening = open_listening_socket("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    up, stopper = threading.Event(), []
    app = create_application(backend, policy=AccessPolicy(token=TOKEN), events=events)
    thread = threading.Thread(
        target=serve_until_signal,
        args=(app, listening),
        kwargs={"events": events, "started": up.set, "stopper": stopper.append},
        daemon=True,
    )
    thread.start()
    assert up.wait(10)
    yield Served(url, events, backend)
    stopper[0]()
    thread.join(10)
    listening.close()


@pytest.fixture
def trap() -> Iterator[Any]:
    """A foreign server: `trap.url`, and `trap.visits` with every request that reached it."""
    visits: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            visits.append(self.path)
            self.send_response(204)
            self.end_headers()

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield SimpleNamespace(url=f"http://127.0.0.1:{server.server_address[1]}", visits=visits)
    server.shutdown()
    server.server_close()


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-headless-shell") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real Chromium, or a skip that says why."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine (Debian package chromium)")
    root = ["--no-sandbox"] if os.getuid() == 0 else []
    with playwright.sync_playwright() as play:
        running = play.chromium.launch(executable_path=path, args=[*root, "--disable-dev-shm-usage", "--disable-gpu"])
        yield running
        running.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page of its own; what it asks for and what scripts complain of is kept in `page.asked`, `page.said`."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.asked, opened.said = [], []
    context.on("request", lambda request: opened.asked.append(request.url))
    opened.on("console", lambda message: opened.said.append(message.text))
    opened.on("pageerror", lambda error: opened.said.append(str(error)))
    yield opened
    context.close()
