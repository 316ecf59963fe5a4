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
from digest.stages.dedupe.printed import unprinted_stories

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


def test_the_top_takes_one_story_of_every_theme_first():
    made = issue(section(brief("a"), brief("b")), section(brief("c"), key="land"), section(key="empty"))
    assert [line.article for line in made.top] == ["a", "c", "b"]
    assert [part.key for part in made.sections] == ["sea", "land"]


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
    assert made.counts.words == 12 + 1 + 6 + 12


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


def story(lead, *others):
    return Story(
        lead=lead,
        others=tuple(RelatedArticle(article=other, relation=relation, overlap=0.9) for other, relation in others),
    )


def test_a_story_printed_before_is_dropped_and_another_form_is_an_update():
    same, changed, new = article("same"), article("changed"), article("new")
    printed = {"same": same.fingerprint, "changed": "0" * 16}
    kept = unprinted_stories([story(same), story(changed), story(new)], printed)
    assert [(one.key, one.update) for one in kept] == [("changed", True), ("new", False)]


def test_a_copy_of_what_was_printed_is_dropped_a_revision_is_an_update():
    old = article("old")
    printed = {"old": old.fingerprint}
    assert unprinted_stories([story(article("x"), (old, Relation.COPY))], printed) == []
    assert unprinted_stories([story(article("x"), (old, Relation.UPDATE))], printed)[0].update
    assert unprinted_stories([story(article("x"), (old, Relation.EXCERPT))], printed)[0].update


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
        "update",
        "also",
        "sentences",
        "why",
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
