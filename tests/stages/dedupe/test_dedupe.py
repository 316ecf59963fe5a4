"""Articles that tell the same text become one story, credited to its origin."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model import Article, Relation
from digest.stages.dedupe import dedupe, match_articles
from digest.stages.jsonl import dedupe_rows

WORDS = (
    "harbour council ferry timetable island winter crossing engineer vessel repair budget minister report "
    "village school bridge storm delay passenger ticket price summer captain crew union strike talks morning"
).split()


def prose(seed: int, length: int = 200) -> str:
    """Different words in a different order for every seed."""
    draw = random.Random(seed)
    return " ".join(f"{draw.choice(WORDS)}{draw.randrange(40)}" for _ in range(length))


def article(key: str, text: str, **more: object) -> Article:
    return Article(**{"key": key, "source": "desk", "title": f"Title of {key}", "paragraphs": (text,), **more})  # type: ignore[arg-type]


def relations(*articles: Article) -> list[tuple[str, str]]:
    return [(articles[one.lead].key, one.relation.value) for one in match_articles(articles)]


def test_nothing_in_nothing_out() -> None:
    assert dedupe([]) == []


def test_one_article_is_one_story() -> None:
    (story,) = dedupe([article("a", prose(1))])
    assert story.key == "a"
    assert story.others == ()


def test_two_identical_articles_are_one_story() -> None:
    assert relations(article("a", prose(1)), article("b", prose(1))) == [("a", "lead"), ("a", "copy")]


def test_different_articles_stay_apart() -> None:
    assert relations(article("a", prose(1)), article("b", prose(2))) == [("a", "lead"), ("b", "lead")]


def test_an_excerpt_follows_the_whole_text_wherever_it_stands() -> None:
    text = prose(1)
    assert relations(article("a", text[:600]), article("b", text)) == [("b", "excerpt"), ("b", "lead")]


def test_punctuation_and_case_do_not_make_a_difference() -> None:
    text = prose(1)
    assert relations(article("a", text), article("b", text.upper().replace(" ", " – ")))[1] == ("a", "copy")


def test_empty_texts_are_never_copies_of_each_other() -> None:
    empty = [article(key, "", title=None, paragraphs=()) for key in "ab"]
    assert relations(*empty) == [("a", "lead"), ("b", "lead")]


def test_equal_headlines_without_text_are_copies() -> None:
    bare = [article(key, "", title="Ferry to the islands cancelled", paragraphs=()) for key in "ab"]
    assert relations(*bare) == [("a", "lead"), ("a", "copy")]


def test_a_revision_with_another_title_is_an_update() -> None:
    words = prose(1, 300).split()
    revised = " ".join(word if number % 16 else "anew" for number, word in enumerate(words))
    later = article("b", revised, title="Crossing reopened")
    assert relations(article("a", " ".join(words)), later)[1] == ("a", "update")


def test_furniture_of_a_site_does_not_make_copies() -> None:
    menu = prose(9, 180)
    briefs = [
        article(str(n), f"{prose(n + 20, 40)} {menu}", url=f"https://news.example/{n}", title=f"Brief number {n}")
        for n in range(6)
    ]
    assert {relation for _, relation in relations(*briefs)} == {"lead"}


def test_many_identical_texts_of_one_site_are_still_copies() -> None:
    twins = [article(str(n), prose(1), url=f"https://news.example/{n}", title="One title") for n in range(6)]
    assert len(dedupe(twins)) == 1


def test_a_round_up_does_not_pull_its_articles_together() -> None:
    items = [article(str(n), prose(n, 250)) for n in range(4)]
    opening = " ".join(item.text[:500] for item in items)
    round_up = article("all", f"Good morning from the desk. {opening}", title="Morning briefing")
    teaser = article("teaser", items[0].text[:450], title="Title of 0")
    assert relations(*items, round_up, teaser) == [
        *((str(n), "lead") for n in range(4)),
        ("all", "lead"),
        ("0", "excerpt"),
    ]


def test_two_excerpts_do_not_make_their_article_a_round_up() -> None:
    text = prose(1, 400)
    whole = article("whole", text, title="Ferry strike ends")
    parts = [article(key, part, title="Ferry strike ends") for key, part in (("a", text[:1200]), ("b", text[-1200:]))]
    assert relations(whole, *parts) == [("whole", "lead"), ("whole", "excerpt"), ("whole", "excerpt")]


def test_the_site_that_others_name_as_origin_leads() -> None:
    origin = article("o", prose(1), url="https://www.origin.example/1", published=datetime(2026, 1, 3, tzinfo=UTC))
    copy = article(
        "c",
        f"{prose(1)}\nFirst seen on https://origin.example/1",
        url="https://copy.example/1",
        published=datetime(2026, 1, 2, tzinfo=UTC),
    )
    assert relations(copy, origin) == [("o", "copy"), ("o", "lead")]


def test_the_publisher_in_a_source_line_leads() -> None:
    origin = article("o", prose(1), publisher="Island Herald")
    copy = article("c", "", paragraphs=(prose(1), "Source: Island Herald"))
    assert relations(copy, origin)[0] == ("o", "copy")


def test_a_whole_text_leads_before_an_earlier_truncated_one() -> None:
    teaser = article("t", prose(1)[:700], truncated=True, published=datetime(2026, 1, 1, tzinfo=UTC))
    whole = article("w", prose(1), published=datetime(2026, 1, 2, tzinfo=UTC))
    assert relations(teaser, whole) == [("w", "excerpt"), ("w", "lead")]


def test_the_earliest_leads_then_the_preferred_publisher() -> None:
    dated = [article(key, prose(1), published=datetime(2026, 1, day, tzinfo=UTC)) for key, day in (("b", 2), ("a", 1))]
    assert relations(*dated)[0] == ("a", "copy")
    undated = [article(key, prose(1), publisher=key.upper()) for key in "ab"]
    assert [story.key for story in dedupe(undated, prefer=("B",))] == ["b"]


def test_the_lead_gains_what_it_lacks_but_never_text() -> None:
    text = prose(1)
    excerpt = article("e", text[:600], byline="Ada Reporter", published=datetime(2026, 1, 5, tzinfo=UTC))
    (story,) = dedupe([article("w", text), excerpt])
    assert story.key == "w"
    assert story.lead.paragraphs == (text,)
    assert (story.lead.byline, story.lead.published) == ("Ada Reporter", excerpt.published)


def test_an_excerpt_lends_neither_its_address_nor_its_publisher() -> None:
    text = prose(1)
    excerpt = article("e", text[:600], url="https://copy.example/1", publisher="Copy Desk")
    (story,) = dedupe([article("w", text), excerpt])
    assert (story.lead.url, story.lead.publisher) == (None, None)


def test_stories_come_in_the_order_of_their_first_article() -> None:
    pieces = [article("x", prose(3)), article("e", prose(1)[:600]), article("y", prose(2)), article("w", prose(1))]
    assert [story.key for story in dedupe(pieces)] == ["x", "w", "y"]


def test_rows_keep_what_they_carry_and_gain_three_keys() -> None:
    rows = [{"id": "a", "text": prose(1), "mine": 1}, {"id": "b", "paragraphs": [prose(1)]}]
    first, second = dedupe_rows(rows)
    assert first == {**rows[0], "story": "a", "relation": "lead", "overlap": 1.0}
    assert (second["story"], second["relation"], second["overlap"]) == ("a", "copy", 1.0)


def test_a_broken_address_or_date_is_no_trouble() -> None:
    dates = ("yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00")
    rows = [{"id": date, "text": prose(1), "url": "https://[broken", "published": date} for date in dates]
    assert [row["relation"] for row in dedupe_rows(rows)] == ["lead", "copy", "copy"]


@pytest.mark.parametrize("language", ["Ärger über späte Fähren im Hafen", "Задержка паромов на островах зимой"])
def test_other_scripts_are_words_too(language: str) -> None:
    text = " ".join(f"{language} {number}" for number in range(30))
    assert relations(article("a", text), article("b", text, title="x"))[1][1] == "copy"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 200)), max_size=12))
def test_no_article_is_lost_and_every_lead_leads_itself(cuts: list[tuple[int, int]]) -> None:
    articles = [article(str(number), prose(seed)[: cut * 10]) for number, (seed, cut) in enumerate(cuts)]
    verdicts = match_articles(articles)
    assert all(verdicts[one.lead].relation is Relation.LEAD for one in verdicts)
    told = sorted(member.key for story in dedupe(articles) for member in story.articles)
    assert told == sorted(one.key for one in articles)
