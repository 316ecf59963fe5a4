"""What the memory of an edition costs: thirty days of five hundred made-up articles, and five hundred more to recognise."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta

from benchmarks.table import Result, Row
from digest.archive.memory import decode_memory, encode_memory
from digest.model import Article, Issue, IssueCounts, Memory, PlacedStory, Placement, Story, Theme
from digest.stages.recognise import link_events, recognise_stories, remember_issue

DAYS, ARTICLES = 30, 500
BEGIN = datetime(2026, 11, 1, 7, tzinfo=UTC)
SYLLABLES = ("bar", "kor", "tel", "min", "sud", "vel", "ran", "pol", "gri", "hus")
ENDINGS = ("", "s", "ed", "ing", "ly", "er", "or", "al", "en", "ic")


def rows() -> list[Result]:
    """Bytes an article, megabytes a year, seconds of CPU an issue."""
    rng = random.Random(5)
    words = [f"{one}{other}{end}" for one in SYLLABLES for other in SYLLABLES for end in ENDINGS]
    kept = [encode_memory(remember_issue(made_issue(day), made_articles(rng, words, day))) for day in range(DAYS)]
    size = sum(map(len, kept)) / (DAYS * ARTICLES)
    today = [Story(lead=article) for article in made_articles(rng, words, DAYS)]
    placed = [
        PlacedStory(story=one, placement=Placement(theme="t", name="T", event=one.key, score=0.5)) for one in today
    ]
    before = time.process_time()
    memory = Memory(issues=tuple(map(decode_memory, kept)))
    recognise_stories(today, memory)
    link_events([Theme(key="t", name="T", stories=tuple(placed))], memory)
    spent = time.process_time() - before
    year = size * ARTICLES * 365 / 1e6
    return [
        Row(
            area="memory",
            what="a year of 500 articles a day",
            ours=year,
            peer="nobody",
            theirs=0,
            goal="100",
            unit="MB",
        ),
        Row(
            area="memory",
            what="500 articles against 15,000",
            ours=spent,
            peer="nobody",
            theirs=0,
            goal="1",
            unit="s CPU",
        ),
    ]


def made_articles(rng: random.Random, words: list[str], day: int) -> list[Article]:
    """Articles of 25 sentences of 19 words."""

    def sentence() -> str:
        return " ".join([rng.choice(words).title(), *(rng.choice(words) for _ in range(18))]) + "."

    return [
        Article(
            key=f"https://news.example/{day}/{number}",
            source="s",
            title=sentence()[:60],
            paragraphs=tuple(sentence() for _ in range(25)),
        )
        for number in range(ARTICLES)
    ]


def made_issue(day: int) -> Issue:
    """An issue that told nothing: what came in is what costs."""
    counts = IssueCounts(articles=ARTICLES, stories=0, words=0, minutes=1)
    return Issue(
        edition="e", slot=f"{day}", at=BEGIN + timedelta(days=day), timezone="UTC", language="en", title="", subject="",
        preheader="", top=(), sections=(), counts=counts,
    )  # fmt: skip
