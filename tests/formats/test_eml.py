"""Mails fall into stories; what belongs to the mail stays out of them."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from digest.errors import RejectedError
from digest.formats.eml import EmlFormat
from digest.formats.letters import link_target
from digest.model import DocumentKind, Raw

STORY = "<h2><a href='https://t.example/c?u=https://news.example/{0}%3Futm_source=x'>{1}</a></h2><p>{2}</p><p><a href='#'>Read more</a></p>"
TEXTS = {
    "Ferry vote is put off": "The council moved its decision on the ferry line to March, after two hours of talks on Monday.",
    "Old mine stores warm water": "Engineers filled a mine with water that will heat the town next winter, at a third of the usual cost.",
}


def mail(html=None, text=None, **headers):
    message = EmailMessage()
    message["From"] = headers.get("sender", "Harbour Post <news@harbour.example>")
    message["Subject"] = headers.get("subject", "Two stories")
    message["Date"] = headers.get("date", "Fri, 20 Nov 2026 08:00:00 +0100")
    message.set_content(text or "Please read the HTML version.")
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def drafts(body):
    return list(EmlFormat().read(Raw(source="s", key="m", kind=DocumentKind.EML, body=body)))


def newsletter():
    stories = "".join(STORY.format(n, title, text) for n, (title, text) in enumerate(TEXTS.items()))
    hidden = "<div style='display:none'>Preheader nobody sees</div>"
    return f"<body>{hidden}{stories}<p style='font-size:10px'>You received this because you signed up. <a href='#'>Unsubscribe</a></p></body>"


def test_each_story_of_a_newsletter_is_a_draft():
    found = drafts(mail(newsletter()))
    assert [draft.key for draft in found] == ["m#1", "m#2"]
    assert [draft.title for draft in found] == list(TEXTS)
    assert [draft.lines for draft in found] == [(text,) for text in TEXTS.values()]


def test_the_mail_names_publisher_and_date():
    draft = drafts(mail(newsletter()))[0]
    assert draft.publisher == "Harbour Post"
    assert draft.published.isoformat() == "2026-11-20T08:00:00+01:00"


def test_a_click_tracker_is_unwrapped():
    assert drafts(mail(newsletter()))[1].url == "https://news.example/1"
    assert (
        link_target("https://t.example/c?u=https%3A%2F%2Fa.example%2Fx%3Fid%3D3%26utm_medium%3Dmail")
        == "https://a.example/x?id=3"
    )
    assert link_target("javascript:alert(1)") is None


def test_a_mail_of_plain_text_is_one_story_under_its_subject():
    text = "The council moved its decision to March.\n\nFishermen had asked for more time."
    found = drafts(mail(text=text, subject="Ferry vote"))
    assert [(draft.key, draft.title) for draft in found] == [("m", "Ferry vote")]


@pytest.mark.parametrize("date", ["not a date", "Fri, 21 Nov 99999 00:00:00 +9999"])
def test_a_broken_date_is_no_date(date):
    body = b"From: a@b.example\nSubject: x\nDate: " + date.encode() + b"\n\nThe council met on Monday.\n"
    assert drafts(body)[0].published is None


def test_a_subject_that_decodes_to_a_line_break_stays_one_line():
    body = b"From: a@b.example\nSubject: =?utf-8?q?Ferry=0D=0ABcc:_x?=\n\nThe council met on Monday.\n"
    assert drafts(body)[0].title == "Ferry Bcc: x"


def test_an_empty_mail_is_rejected():
    with pytest.raises(RejectedError, match="no text"):
        drafts(b"From: a@b.example\nSubject: x\n\n")
