"""Plain mails: headings of the typewriter kind, signatures, forwarded headers."""

from __future__ import annotations

from digest.formats.eml import EmlFormat
from digest.model import DocumentKind, Raw

FERRY = "The council moved its decision on the ferry line to March, after two hours of talks."
MINE = "Engineers filled a mine with water that will heat the town next winter, at a third of the cost."


def drafts(text, subject="News"):
    head = f"From: Harbour Post <news@harbour.example>\nSubject: {subject}\nDate: Fri, 20 Nov 2026 08:00:00 +0100\n\n"
    return list(EmlFormat().read(Raw(source="s", key="m", kind=DocumentKind.EML, body=(head + text).encode())))


def test_underlined_headings_head_stories():
    found = drafts(
        f"Good morning,\n\nFerry vote put off\n------------------\n{FERRY}\n\nRead more: https://a.example/1\n\nOld mine warms town\n===================\n{MINE}\n"
    )
    assert [(draft.title, draft.url) for draft in found] == [
        ("Ferry vote put off", "https://a.example/1"),
        ("Old mine warms town", None),
    ]
    assert [[line for line in draft.lines if line] for draft in found] == [[FERRY], [MINE]]


def test_the_signature_and_the_footer_are_left_out():
    lines = drafts(f"{FERRY}\n\n-- \nKate\nharbour.example\n")[0].lines
    assert [line for line in lines if line] == [FERRY]


def test_a_forwarded_mail_speaks_for_its_first_sender():
    forwarded = "FYI\n\n---------- Forwarded message ---------\nFrom: Old Gazette <o@b.example>\nDate: Thu, 19 Nov 2026 at 07:30\nSubject: Ferry vote\nTo: <x@y.example>\n\n"
    found = drafts(forwarded + FERRY, subject="Fwd: Ferry vote")[0]
    assert (found.title, found.publisher, found.published.isoformat()) == (
        "Ferry vote",
        "Old Gazette",
        "2026-11-19T07:30:00",
    )
    assert [line for line in found.lines if line] == [FERRY]


def test_a_paragraph_may_begin_with_its_own_headline():
    html = (
        f"<p><b>Ferry vote is off.</b> {FERRY}</p><p><a href='https://a.example/2'>Old mine warms town</a> – {MINE}</p>"
    )
    body = f"From: a@b.example\nSubject: x\nContent-Type: text/html\n\n{html}".encode()
    found = list(EmlFormat().read(Raw(source="s", key="m", kind=DocumentKind.EML, body=body)))
    assert [(draft.title, draft.lines) for draft in found] == [
        ("Ferry vote is off", (FERRY,)),
        ("Old mine warms town", (MINE,)),
    ]
