"""The nouns: what one stage hands to the next. Frozen data, no behaviour but proofs and keys.

    Raw -> Article -> Story -> Placement/Theme -> Brief/Section -> Issue -> Letter
Moments are aware datetimes in UTC, with one exception: `Article.published` is what the source printed, perhaps
without zone or time of day; `digest.text.dates.moment_in_utc` is the one place where a zone is assumed.
"""

from __future__ import annotations

from digest.model.documents import Article, DocumentKind, Draft, DroppedPiece, Problem, Raw
from digest.model.issue import Issue, IssueCounts, LeftOut, Letter, Reader, TopLine, slot_path_name
from digest.model.memory import Memory, RememberedArticle, RememberedEvent, RememberedIssue
from digest.model.stories import (
    DEFAULT_TIER,
    OTHER_KEY,
    OTHER_NAME,
    Brief,
    Budget,
    Form,
    Length,
    PlacedStory,
    Placement,
    RelatedArticle,
    Relation,
    ScoreTerm,
    Section,
    Sentence,
    Story,
    Theme,
)

__all__ = [
    "DEFAULT_TIER",
    "OTHER_KEY",
    "OTHER_NAME",
    "Article",
    "Brief",
    "Budget",
    "DocumentKind",
    "Draft",
    "DroppedPiece",
    "Form",
    "Issue",
    "IssueCounts",
    "LeftOut",
    "Length",
    "Letter",
    "Memory",
    "PlacedStory",
    "Placement",
    "Problem",
    "Raw",
    "Reader",
    "RelatedArticle",
    "Relation",
    "RememberedArticle",
    "RememberedEvent",
    "RememberedIssue",
    "ScoreTerm",
    "Section",
    "Sentence",
    "Story",
    "Theme",
    "TopLine",
    "slot_path_name",
]
