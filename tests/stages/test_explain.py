"""Where every printed sentence stands, and what became of everything else."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from digest.model import (
    Article,
    Brief,
    DroppedPiece,
    Issue,
    IssueCounts,
    PlacedStory,
    Placement,
    RelatedArticle,
    Relation,
    Section,
    Sentence,
    Story,
)
from digest.stages.explain import evidence_as_data, explain_issue, kept_and_dropped_pieces, parse_evidence

PAGE = "Title\n\nShare this\n\nFirst paragraph of it.\n\nPhoto: somebody\n\nSecond paragraph.\n\nRead more\n"
ARTICLE = Article(
    key="a.txt",
    source="texts",
    title="Title",
    paragraphs=("First paragraph of it.", "Second paragraph."),
    dropped=(
        DroppedPiece(text="Share this", reason="share"),
        DroppedPiece(text="Photo: somebody", reason="caption"),
        DroppedPiece(text="Read more", reason="teaser"),
    ),
)
COPY = Article(key="b.txt", source="texts", title="Copy", publisher="Wire", paragraphs=("First paragraph of it.",))
ALONE = Article(key="c.txt", source="texts", paragraphs=("Nobody prints this.",))


def issue() -> Issue:
    story = Story(lead=ARTICLE, others=(RelatedArticle(article=COPY, relation=Relation.EXCERPT, overlap=0.98765),))
    placement = Placement(theme="t", name="Theme", event="e", score=1.0)
    sentence = Sentence(text="Second paragraph.", article="a.txt", paragraph=1, start=0, end=17)
    brief = Brief(placed=PlacedStory(story=story, placement=placement), sentences=(sentence,), title="Title")
    return Issue(
        edition="daily", slot="2026-11-23", at=datetime(2026, 11, 23, tzinfo=UTC), timezone="UTC", language="en",
        title="Daily", subject="Title", preheader="", top=(), counts=IssueCounts(articles=3, stories=1, words=2, minutes=1),
        sections=(Section(key="t", name="Theme", brief=(), briefs=(brief,)),),
    )  # fmt: skip


def test_what_was_dropped_stands_where_it_was_found() -> None:
    found = kept_and_dropped_pieces(ARTICLE, PAGE)
    assert [piece.reason or piece.paragraph for piece in found] == ["share", 0, "caption", 1, "teaser"]


def test_without_the_original_it_comes_after_the_text() -> None:
    assert [piece.reason or piece.paragraph for piece in kept_and_dropped_pieces(ARTICLE)] == [
        0,
        1,
        "share",
        "caption",
        "teaser",
    ]


def test_tags_do_not_hide_a_place() -> None:
    page = "<ul><li>Share <b>this</b></li></ul><p>First paragraph <i>of</i> it.</p><p>Second paragraph.</p>"
    assert [piece.reason or piece.paragraph for piece in kept_and_dropped_pieces(ARTICLE, page)][:2] == ["share", 0]


def test_every_article_is_accounted_for() -> None:
    evidence = explain_issue(issue(), [ARTICLE, COPY, ALONE], {"a.txt": PAGE})
    assert [document.lead for document in evidence.documents] == ["a.txt", "a.txt", ""]
    assert [document.key for document in evidence.unprinted_documents] == ["c.txt"]
    told = evidence.documents[0].told[0]
    assert (told.publisher, told.relation, told.overlap) == ("Wire", "excerpt", 0.988)


def test_evidence_survives_being_saved() -> None:
    evidence = explain_issue(issue(), [ARTICLE, COPY, ALONE], {"a.txt": PAGE})
    assert parse_evidence(evidence_as_data(evidence)) == evidence
    assert parse_evidence({"issue": 1}) is None
    assert parse_evidence([]) is None


@given(st.lists(st.text(max_size=30), max_size=6), st.lists(st.text(max_size=30), max_size=6), st.text(max_size=200))
def test_nothing_is_lost_and_paragraphs_keep_their_order(kept: list[str], dropped: list[str], original: str) -> None:
    article = Article(
        key="k",
        source="s",
        paragraphs=tuple(kept),
        dropped=tuple(DroppedPiece(text=text, reason="x") for text in dropped),
    )
    found = kept_and_dropped_pieces(article, original)
    assert [piece.paragraph for piece in found if piece.paragraph is not None] == list(range(len(kept)))
    assert sorted(piece.text for piece in found if piece.reason) == sorted(dropped)
