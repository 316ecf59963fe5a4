import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.archive.write import issue_as_data
from digest.model import (
    Article,
    Brief,
    Form,
    PlacedStory,
    Placement,
    Problem,
    RelatedArticle,
    Relation,
    ScoreTerm,
    Section,
    Sentence,
    Story,
)
from digest.stages.compose import compose_issue
from digest.stages.compose.headline import plain_line, shorten

TEXT = "The council of Tarn agreed on Monday to build a second lighthouse."


def article(key="a", title="Council agrees to build a lighthouse", text=TEXT, **more):
    return Article(key=key, source="s", title=title, paragraphs=(text,), **more)


def brief(key="a", title="Council agrees to build a lighthouse", text=TEXT, **more):
    lead = article(key, title, text)
    placement = Placement(
        theme="sea", name="Sea", event=key, score=1.0, why=(ScoreTerm(term="boat", weight=0.5, where="title"),)
    )
    sentence = Sentence(text=text, article=key, paragraph=0, start=0, end=len(text))
    story = Story(lead=lead, others=more.pop("others", ()))
    return Brief(placed=PlacedStory(story=story, placement=placement), sentences=(sentence,), title=title, **more)


def section(*briefs, key="sea"):
    return Section(key=key, name=key.title(), brief=(), briefs=briefs)


def issue(*sections, title="The Tarn Letter", **more):
    return compose_issue(
        sections,
        edition="tarn",
        slot="2026-11-23T08:00",
        at=datetime(2026, 11, 23, 8, tzinfo=UTC),
        timezone="UTC",
        language="en",
        title=title,
        articles=5,
        **more,
    )


def told_by(sources, key, title=None):
    """A card that so many independent sources tell."""
    card = brief(key, title or f"Headline of {key}")
    tellers = tuple(article(f"{key}-{number}") for number in range(sources))
    weight = ScoreTerm(term="sources", weight=float(sources), where="importance")
    return replace(card, placed=replace(card.placed, sources=tellers, importance=(weight,)))


def test_an_issue_of_a_few_cards_has_no_contents_and_empty_sections_go():
    made = issue(section(*(brief(key) for key in "abc")), section(brief("d"), brief("e"), key="land"), section(key="x"))
    assert made.top == ()
    assert [part.key for part in made.sections] == ["sea", "land"]


def test_the_contents_name_what_stands_out_by_its_headline():
    sea = section(told_by(1, "a"), told_by(3, "b"), told_by(2, "c"))
    land = section(told_by(5, "d"), told_by(1, "e"), told_by(2, "f"), key="land")
    made = issue(sea, land)
    assert [(line.article, line.text, line.theme, line.sources) for line in made.top] == [
        ("d", "Headline of d", "Land", 5),
        ("b", "Headline of b", "Sea", 3),
    ]


def test_where_nothing_stands_out_there_are_no_contents_but_a_pinned_story():
    cards = [told_by(1, key) for key in "abcdef"]
    assert issue(section(*cards)).top == ()
    pinned = replace(cards[3], placed=replace(cards[3].placed, pinned=True))
    assert [line.article for line in issue(section(*cards[:3], pinned, *cards[4:])).top] == ["d"]


def test_the_contents_have_four_lines_at_most_and_a_pinned_story_first():
    cards = [told_by(sources, f"k{sources}") for sources in range(2, 9)]
    pinned = replace(cards[0], placed=replace(cards[0].placed, pinned=True))
    made = issue(section(*cards[1:], pinned))
    assert [line.article for line in made.top] == ["k2", "k8", "k7", "k6"]


def test_no_headline_stands_at_the_top_a_second_time():
    cards = [told_by(sources, f"k{sources}") for sources in range(2, 9)]
    made = issue(section(*cards), headlines_before={"Headline of k8", "Headline of k6"})
    assert [line.article for line in made.top] == ["k7", "k5", "k4"]


def test_a_line_is_counted_and_stands_in_no_contents():
    lines = [replace(told_by(9, key), sentences=(), form=Form.LINE) for key in "xyz"]
    made = issue(section(*(told_by(2, key) for key in "abcde"), *lines))
    assert made.top == ()
    assert made.counts.stories == 8


def test_the_subject_is_a_concrete_headline_and_the_preheader_says_something_else():
    made = issue(
        section(brief("a", "Will boats ever be safe in the harbour of Tarn, and who will pay for all the lights?")),
        section(brief("b"), key="land"),
    )
    assert made.subject == "Council agrees to build a lighthouse"
    assert made.preheader != made.subject
    assert "Council agrees" not in made.preheader
    assert 30 <= len(made.preheader) <= 150


def test_the_counts_are_those_of_what_is_read():
    made = issue(section(brief("a")))
    assert (made.counts.articles, made.counts.stories, made.counts.minutes) == (5, 1, 1)
    assert made.counts.words == 6 + 12
    assert made.counts.available == 1


def test_an_issue_without_stories_still_has_a_subject():
    assert issue().subject == "The Tarn Letter"


@pytest.mark.parametrize(
    ("given_title", "wanted"),
    [
        ("BREAKING: COUNCIL AGREES TO BUILD", "Council Agrees To Build"),
        ("Boats <b>sink</b>\r\nBcc: x", "Boats sink Bcc: x"),
        ("Boats\u202e sink\u0000", "Boats sink"),
    ],
)
def test_headlines_are_plain(given_title, wanted):
    assert plain_line(given_title) == wanted


@given(st.lists(st.text(max_size=200), max_size=3), st.text(max_size=30))
def test_subject_and_preheader_keep_their_limits(titles, title):
    made = issue(section(*(brief(str(number), text) for number, text in enumerate(titles))), title=title)
    assert 0 < len(made.subject) <= 78
    assert len(made.preheader) <= 150
    assert made.subject.isprintable()
    assert made.preheader.isprintable()


@given(st.text(max_size=60), st.integers(5, 40))
def test_shorten_never_passes_its_limit(text, most):
    assert len(shorten(text, most)) <= most


def test_issue_json_has_the_documented_shape():
    lead = brief(
        "a",
        others=(
            RelatedArticle(
                article=article("b", publisher="P", url="https://b.example"), relation=Relation.COPY, overlap=1.0
            ),
        ),
    )
    made = issue(section(lead), problems=(Problem(stage="clean", subject="x", message="m"),))
    data = json.loads(json.dumps(issue_as_data(made)))
    assert set(data) == {
        "id",
        "edition",
        "slot",
        "title",
        "subject",
        "preheader",
        "top",
        "sections",
        "left_out",
        "problems",
        "counts",
    }
    assert data["id"] == "tarn/2026-11-23T0800"
    (printed,) = data["sections"][0]["stories"]
    assert printed["also"] == [{"id": "b", "publisher": "P", "url": "https://b.example", "relation": "copy"}]
    assert printed["why"] == [{"term": "boat", "weight": 0.5, "where": "title"}]
    assert set(printed) == {
        "id",
        "title",
        "title_made",
        "byline",
        "publisher",
        "published",
        "url",
        "language",
        "labels",
        "paywall",
        "form",
        "event",
        "update",
        "first_told",
        "sources",
        "days",
        "also",
        "sentences",
        "why",
        "importance",
        "secondary",
    }
    assert printed["sentences"] == [{"text": TEXT, "article": "a", "paragraph": 0, "start": 0, "end": len(TEXT)}]


@pytest.mark.parametrize(
    ("published", "wanted"),
    [
        (date(2020, 2, 13), "2020-02-13"),
        (datetime(2020, 2, 13, 10, 24), "2020-02-13T10:24:00"),
        (datetime(2020, 2, 13, 10, 24, tzinfo=UTC), "2020-02-13T10:24:00+00:00"),
        (None, None),
    ],
)
def test_dates_are_given_as_printed(published, wanted):
    lead = article("a", published=published)
    placed = PlacedStory(story=Story(lead=lead), placement=Placement(theme=None, name="Other", event="a", score=0.0))
    made = issue(section(Brief(placed=placed, sentences=(), title="T")))
    assert issue_as_data(made)["sections"][0]["stories"][0]["published"] == wanted


def test_a_pinned_storys_headline_is_the_subject():
    strong, weak = brief("b"), brief("a", "Will boats ever be safe in the harbour of Tarn?")
    pinned = replace(weak, placed=replace(weak.placed, pinned=True))
    assert issue(section(pinned), section(strong, key="land")).subject.startswith("Will boats")
