"""Small stories for the tests of what an editor does: merge, rank, choose, recognise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from digest.model import Article, PlacedStory, Placement, RelatedArticle, Relation, ScoreTerm, Story, Theme

AT = datetime(2026, 11, 23, 7, tzinfo=UTC)

LIGHTHOUSE = (
    "The council of Tarn agreed on Monday to build a second lighthouse on the northern mole.",
    "It will cost two million crowns, said Ada Moore, who leads the harbour board of Tarn.",
    "A storm sank three boats near the old mole last autumn, and two sailors drowned.",
)
HERRING = (
    "Fishermen on the islands of Sund landed nine thousand barrels of herring in October.",
    "Prices fell by half at the auction in Ribe, where buyers from Bergen stayed away.",
)


def article(key: str = "a", text: tuple[str, ...] = LIGHTHOUSE, **more: Any) -> Article:
    """An article of a few sentences, a paragraph each."""
    given = {"source": "wire", "title": f"Headline of {key}", "published": AT - timedelta(hours=2)}
    return Article(key=key, paragraphs=text, **{**given, **more})


def story(lead: Article, *others: tuple[Article, Relation], **more: Any) -> Story:
    """A story of a lead and other articles."""
    related = tuple(RelatedArticle(article=one, relation=relation, overlap=0.9) for one, relation in others)
    return Story(lead=lead, others=related, **more)


def placed(
    told: Story, *, event: str = "", theme: str | None = "sea", score: float = 0.5, weight: float = 0.0
) -> PlacedStory:
    """A story under a theme, with an importance of so much."""
    placement = Placement(theme=theme, name=(theme or "other").title(), event=event or f"event-{told.key}", score=score)
    importance = (ScoreTerm(term="given", weight=weight, where="importance"),) if weight else ()
    return PlacedStory(story=told, placement=placement, importance=importance, sources=(told.lead,))


def theme(*stories: PlacedStory, key: str = "sea") -> Theme:
    """A theme by its key."""
    return Theme(key=key, name=key.title(), stories=stories)
