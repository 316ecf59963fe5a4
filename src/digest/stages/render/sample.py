"""An issue that uses everything a template can meet: what a template is proven with, and shown with.

All names and texts are invented.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from collections.abc import Sequence

RUNNING_DAYS = {"2026-11-18": 1, "2026-11-19": 4, "2026-11-20": 2}  # of the update: how many told it
SAMPLE_MOMENT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)

# title, publisher, byline, days before the issue (None: undated), language, sentences
WALL = (
    "Council votes to rebuild the northern breakwater", "The Coastal Post", "Marta Lind", 1, "en",
    (
        ("The harbour council voted nine to four on Tuesday night to rebuild the northern breakwater before the winter "
        "of 2028, ending eleven years of argument over who should pay for it."),
        ("Engineers had warned since 2015 that the wall, finished in 1931, would not survive another storm of the size "
        "seen in January."),
        "The work is to cost 48 million euros, of which the ports fund pays two thirds and mooring fees the rest.",
    ),
)  # fmt: skip
CREWS = (
    "Fishing crews fear two lost seasons", "Northern Herald", None, 0, "en",
    (
        ("“We were one tide away from losing the market, and now we may lose the fleet,” said Ines Duarte, who speaks "
        "for the forty-one boats that land at the eastern basin."),
        "The basin would be closed to vessels of more than twelve metres from May 2027 until the autumn of 2028.",
    ),
)  # fmt: skip
RAIL = (
    "Night trains return to the coast line after nine years", "Tideland Radio", "Jonas Weber", 2, "en",
    (
        "The first night train since 2017 left the capital at 22.04 on Wednesday with 212 of its 240 berths taken.",
        "Tickets start at 39 euros, and the operator says that it needs an average of 150 passengers to cover its costs.",
        "Three more departures a week are to follow in March, when the second set of refurbished cars is ready.",
    ),
)  # fmt: skip
PORT = (
    "بلدية الميناء تقر خطة لتوسيع الرصيف الجنوبي", "صوت الميناء", None, 1, "ar",
    ("وافق المجلس البلدي مساء الثلاثاء على خطة لتوسيع الرصيف الجنوبي خلال ثلاث سنوات.",),
)  # fmt: skip
HEAT = (
    "Heat from the cannery is to warm four hundred homes", "Evening Ledger", "Sara Holm", 3, "en",
    (
        ("Waste heat from the cannery on Quay Street will warm about four hundred homes from next October, the town's "
        "energy company said."),
        "Households in the first two streets are expected to pay 18 percent less than for gas.",
    ),
)  # fmt: skip
METER = (
    "Smart meters: what the new rules ask of landlords", None, None, None, "en",
    ("Landlords have until the end of June to replace meters that cannot be read from a distance.",),
)  # fmt: skip


def sample_issue(language: str = "en") -> Issue:
    """The issue: three themes, six stories, an update, a made headline, a copy, one story right to left."""
    wall, crews, rail = (
        _sample_brief("wall", WALL, copied=True),
        _sample_brief("crews", CREWS, update=True),
        _sample_brief("rail", RAIL),
    )
    port, heat, meter = (
        _sample_brief("port", PORT),
        _sample_brief("heat", HEAT),
        _sample_brief("meter", METER, made=True),
    )
    sections = (
        _sample_section("coast", "The breakwater", (wall, crews, port), (wall.sentences[1], crews.sentences[1])),
        _sample_section("rail", "Rail and roads", (rail,), ()),
        _sample_section("energy", "Energy at home", (heat, meter), (heat.sentences[1],)),
    )
    return Issue(
        edition="sample",
        slot="2026-11-20",
        at=SAMPLE_MOMENT,
        timezone="Europe/Brussels",
        language=language,
        title="The Harbour Digest",
        subject="The breakwater is to be rebuilt, and night trains return",
        preheader="Nine to four for a new wall. Also: 212 of 240 berths taken, and warm homes from the cannery.",
        top=tuple(
            TopLine(article=brief.story.key, text=brief.title, theme=theme, sources=sources)
            for brief, theme, sources in (
                (wall, "The breakwater", 2),
                (rail, "Rail and roads", 1),
                (heat, "Energy at home", 1),
            )
        ),
        sections=sections,
        counts=IssueCounts(articles=7, stories=6, available=6, words=400, minutes=2),
    )


def _sample_brief(
    key: str,
    told: tuple[str, str | None, str | None, int | None, str, Sequence[str]],
    *,
    copied: bool = False,
    update: bool = False,
    made: bool = False,
) -> Brief:
    title, publisher, byline, age, language, sentences = told
    lead = Article(
        key=key,
        source="wires",
        title=title,
        paragraphs=tuple(sentences),
        byline=byline,
        publisher=publisher,
        url=None if made else f"https://news.example.com/{key}",
        published=None if age is None else SAMPLE_MOMENT.date() - timedelta(days=age),
        language=language,
    )
    copy = Article(
        key=f"{key}-copy",
        source="wires",
        title=title,
        paragraphs=tuple(sentences),
        publisher="Evening Ledger",
        url=f"https://ledger.example.org/{key}",
        published=date(2026, 11, 20),
    )
    others = (RelatedArticle(article=copy, relation=Relation.COPY, overlap=1.0),) if copied else ()
    placement = Placement(theme=key, name=key, event=key, score=1.0)
    story, days = Story(lead=lead, others=others, update=update), RUNNING_DAYS if update else {}
    return Brief(
        placed=PlacedStory(story=story, placement=placement, days=days),
        sentences=tuple(_sample_sentence(key, number, text) for number, text in enumerate(sentences)),
        title=title,
        title_made=made,
        minutes=3,
    )


def _sample_sentence(article: str, number: int, text: str) -> Sentence:
    return Sentence(text=text, article=article, paragraph=number, start=0, end=len(text))


def _sample_section(key: str, name: str, briefs: tuple[Brief, ...], brief: tuple[Sentence, ...]) -> Section:
    return Section(key=key, name=name, brief=brief, briefs=briefs)
