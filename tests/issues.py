"""Issues to print, in every shape that has made a newsletter look wrong. The texts are our own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from digest.mail.message import Envelope, Links
from digest.model import (
    Article,
    Brief,
    Issue,
    IssueCounts,
    PlacedStory,
    Placement,
    RelatedArticle,
    Relation,
    Section,
    Sentence,
    Story,
    TopLine,
)

AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
SENDER = "Harbour digest <digest@example.org>"

PARAGRAPHS = (
    "The harbour council voted nine to four on Tuesday to rebuild the northern breakwater before the winter of 2028.",
    "Engineers had warned for a decade that the old wall, finished in 1931, would not survive another storm of the size seen in January. “We were one tide away from losing the fish market,” the harbour master said.",
    "The work is to cost 48 million euros, of which the ports fund pays two thirds; the rest comes from mooring fees.",
    "Fishing crews fear that the building site will close the eastern basin for two seasons.",
)
THEMES = ("Harbours and coasts", "Rail and roads", "Energy at home", "Schools", "Water", "Fisheries")
PUBLISHERS = ("The Coastal Post", "Northern Herald", "Tideland Radio", "Evening Ledger")


def envelope(links: Links | None = None) -> Envelope:
    return Envelope(sender=SENDER, list_name="The Harbour Digest", links=links or Links())


def article(n: int = 0, **changes: Any) -> Article:
    given: dict[str, Any] = {
        "key": f"story-{n:03d}",
        "source": "wires",
        "title": f"Council votes to rebuild the northern breakwater, part {n + 1}",
        "paragraphs": PARAGRAPHS,
        "byline": "Marta Lind" if n % 2 else None,
        "publisher": PUBLISHERS[n % len(PUBLISHERS)],
        "url": f"https://news.example.com/{2026}/11/{n:03d}-breakwater",
        "published": date(2026, 11, 1 + n % 20),
    }
    return Article(**(given | changes))


def quote(source: Article, paragraph: int = 0) -> Sentence:
    text = source.paragraphs[paragraph]
    return Sentence(text=text, article=source.key, paragraph=paragraph, start=0, end=len(text))


def brief(lead: Article, *others: RelatedArticle, sentences: int = 3, **changes: Any) -> Brief:
    story = Story(lead=lead, others=others, update=changes.pop("update", False))
    placement = Placement(theme="coast", name=THEMES[0], event=lead.key, score=1.0)
    quoted = tuple(quote(lead, n) for n in range(min(sentences, len(lead.paragraphs))))
    given: dict[str, Any] = {"title": lead.title or "Untitled", "minutes": 4}
    return Brief(placed=PlacedStory(story=story, placement=placement), sentences=quoted, **(given | changes))


def related(n: int, relation: Relation = Relation.COPY, **changes: Any) -> RelatedArticle:
    return RelatedArticle(article=article(n, **changes), relation=relation, overlap=0.9)


def issue_of(*sections: tuple[str, list[Brief]], **changes: Any) -> Issue:
    """An issue of named themes; the first story of each stands in its contents."""
    built = tuple(
        Section(
            key=f"theme-{n}",
            name=name,
            brief=(briefs[0].sentences[1],) if len(briefs) > 1 and len(briefs[0].sentences) > 1 else (),
            briefs=tuple(briefs),
        )
        for n, (name, briefs) in enumerate(sections)
    )
    stories = sum(len(section.briefs) for section in built)
    given: dict[str, Any] = {
        "edition": "harbour",
        "slot": "2026-11-20",
        "at": AT,
        "timezone": "Europe/Brussels",
        "language": "en",
        "title": "The Harbour Digest",
        "subject": "Breakwater to be rebuilt, and two more themes",
        "preheader": "The council voted nine to four; crews fear for two seasons of fishing.",
        "top": tuple(
            TopLine(article=told.story.key, text=told.title, theme=section.name, sources=1)
            for section in built[:3]
            for told in section.briefs[:1]
        ),
        "sections": built,
        "counts": IssueCounts(articles=stories, stories=stories, words=stories * 80, minutes=max(1, stories)),
    }
    return Issue(**(given | changes))


def plain(stories: int = 5, themes: int = 3) -> Issue:
    """`stories` ordinary stories over `themes` themes; the second one is credited to another publisher as well."""
    told = [brief(article(n), *((related(900 + n),) if n % 5 == 1 else ())) for n in range(stories)]
    themes = min(themes, stories)
    names = [THEMES[n] if n < len(THEMES) else f"Theme {n + 1}" for n in range(themes)]
    return issue_of(*((name, told[n::themes]) for n, name in enumerate(names)))


def odd() -> Issue:
    """Titles, names, dates and addresses as the world sends them."""
    arabic = "مجلس الميناء يصوت لصالح إعادة بناء حاجز الأمواج الشمالي قبل الشتاء"
    hebrew = "NATO מועצת הנמל הצביעה בעד בנייה מחדש של שובר הגלים הצפוני"
    told = [
        brief(article(0, title=arabic, paragraphs=(arabic + ".",), language="ar", publisher="صوت الميناء")),
        brief(article(1, title=hebrew, paragraphs=(hebrew + ".",), language="he")),
        brief(article(2, title="Storm 🌊 over the <b>old</b> wall & the “new” one", language="en")),
        brief(article(3, title="{{7*7}} is what the sign said", paragraphs=("The sign said {{7*7}} & no more.",))),
        brief(article(4, url=None, published=None, publisher=None, byline=None)),
        brief(article(5, title="W" * 300, paragraphs=("x" * 300 + " ended the line.",))),
        brief(article(6, url="javascript:alert(1)", title="A\u202etitle\x92 with\x00controls\n and --> lines")),
        brief(article(7, url="http://localhost/private", published=datetime(2026, 11, 3, 23, 30, tzinfo=UTC))),
        brief(
            article(8, title="防波堤を再建する計画が市議会で可決された" * 6, language="ja"),
            title_made=True,
            update=True,
        ),
        brief(article(9, url="https://a.example.com/ü?q=[x]'\"<y>&z={w} v"), related(99, publisher=None, url=None)),
    ]
    return issue_of(("مواضيع الميناء", told[:2]), ("R&D <i>and</i> more", told[2:6]), ("Other", told[6:]))
