import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model import Article, Budget, PlacedStory, Placement, Story, Theme
from digest.stages.jsonl import summarise_row
from digest.stages.summarise import summarise_themes
from digest.stages.summarise.selection import select_sentences
from digest.stages.summarise.title import title_from_sentences
from digest.summarisers.directed import DirectedSummariser
from digest.summarisers.lead import LeadSummariser
from digest.text.reading import reading_minutes

HARBOUR = (
    (
        "The council of Tarn agreed on Monday to build a second lighthouse. It will cost two million crowns. "
        "However, many sailors doubt that it will be ready in spring."
    ),
    "“We asked for years. Nobody listened. That is why boats sank,” said Ada Moore, who leads the sailors of Tarn.",
    "A storm sank three boats near the harbour last autumn. The lighthouse of Tarn was dark that night.",
)


def article(key="a.txt", paragraphs=HARBOUR, **more):
    return Article(key=key, source="test", paragraphs=paragraphs, **more)


def theme(*articles):
    placed = [
        PlacedStory(story=Story(lead=lead), placement=Placement(theme="sea", name="Sea", event=lead.key, score=1.0))
        for lead in articles
    ]
    return Theme(key="sea", name="Sea", stories=tuple(placed))


def summarise_theme(given, summariser, **budgets):
    """The section of one theme."""
    (section,) = summarise_themes([given], summariser, **budgets)
    return section


def test_a_brief_quotes_its_article_to_the_letter():
    section = summarise_theme(theme(article()), DirectedSummariser(), budget=Budget(sentences=3))
    (brief,) = section.briefs
    assert len(brief.sentences) == 3
    for sentence in brief.sentences:
        sentence.prove_verbatim(article())


def test_a_section_of_one_story_has_no_brief_of_its_own():
    section = summarise_theme(
        theme(article()), LeadSummariser(), budget=Budget(sentences=1), section_budget=Budget(sentences=2)
    )
    assert section.brief == ()


def test_a_section_of_two_stories_says_something_else_than_its_briefs():
    other = article(
        "b.txt", ("Fishermen on the islands caught more herring this year. Prices of herring fell by half in Tarn.",)
    )
    section = summarise_theme(
        theme(article(), other), LeadSummariser(), budget=Budget(sentences=1), section_budget=Budget(sentences=1)
    )
    assert len(section.brief) == 1
    assert section.brief[0] not in [sentence for brief in section.briefs for sentence in brief.sentences]


def test_a_title_is_kept_and_only_a_missing_one_is_made():
    section = summarise_theme(
        theme(article(title="Light!"), article("b")), LeadSummariser(), budget=Budget(sentences=1)
    )
    kept, made = section.briefs
    assert (kept.title, kept.title_made) == ("Light!", False)
    assert made.title_made
    assert made.title in " ".join(HARBOUR)
    assert len(made.title) <= 80


def test_minutes_are_those_of_the_whole_article():
    assert [reading_minutes(words) for words in (0, 230, 231)] == [1, 1, 2]


def test_an_opener_is_taken_only_behind_its_predecessor():
    sentences = [
        "The council of Tarn met on Monday evening.",
        "It agreed to build a second lighthouse soon.",
        "Boats sank near the harbour last autumn.",
    ]
    ranking = [(0, 1), (0, 2), (0, 0)]
    assert select_sentences([sentences], ranking, Budget(sentences=1), "en") == [(0, 2)]
    assert select_sentences([sentences], [(0, 1), (0, 0), (0, 2)], Budget(sentences=2), "en") == [(0, 0), (0, 1)]


def test_repetitions_and_flaws_are_left_out():
    documents = [
        ["The council of Tarn met on Monday evening.", "Too short."],
        ["The council of Tarn met on Monday.  Evening"],
    ]
    assert select_sentences(documents, [(0, 1), (0, 0), (1, 0)], Budget(sentences=3), "en") == [(0, 0)]


def test_a_word_budget_is_never_passed():
    sentences = ["The council of Tarn met on Monday evening.", "Boats sank near the harbour of Tarn last autumn."]
    assert select_sentences([sentences], [(0, 1), (0, 0)], Budget(words=16), "en") == [(0, 1)]


@given(
    st.lists(
        st.lists(st.sampled_from(["He.", "“Oh", "And then it was so.", "The fleet of the islands stays."]), max_size=4),
        max_size=3,
    )
)
def test_the_answer_is_empty_only_for_no_text(documents):
    chosen = select_sentences(documents, [], Budget(sentences=2), "en")
    assert bool(chosen) == any(documents)
    assert chosen == sorted(set(chosen))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet=st.sampled_from('Ab .“”"\n?!é-'), max_size=60), max_size=4))
def test_any_article_has_a_provable_brief(paragraphs):
    section = summarise_theme(
        theme(article(paragraphs=tuple(paragraphs))), DirectedSummariser(), budget=Budget(sentences=2)
    )
    assert section.briefs[0].title


def test_rows_answer_with_places_in_the_text():
    text = " ".join(HARBOUR)
    answer = summarise_row({"id": 7, "text": text, "mark": "x"}, DirectedSummariser(), Budget(sentences=2))
    assert (answer["id"], answer["mark"]) == (7, "x")
    assert [text[one["start"] : one["end"]] for one in answer["sentences"]] == [
        one["text"] for one in answer["sentences"]
    ]


def test_rows_answer_with_places_in_the_paragraph():
    answer = summarise_row({"id": "a", "paragraphs": [*HARBOUR]}, LeadSummariser(), Budget(sentences=2))
    for one in answer["sentences"]:
        assert HARBOUR[one["paragraph"]][one["start"] : one["end"]] == one["text"]


def test_rows_of_documents_name_the_document_and_keep_given_sentences():
    row = {
        "id": "c",
        "documents": [{"id": "x", "sentences": ["The fleet of  the islands stays. Or goes."]}, {"text": HARBOUR[2]}],
    }
    answer = summarise_row(row, LeadSummariser(), Budget(sentences=2))
    assert [one["document"] for one in answer["sentences"]] == ["x", "1"]
    assert answer["sentences"][0]["text"] == "The fleet of  the islands stays. Or goes."


@pytest.mark.parametrize("row", [{}, {"text": 3}, {"sentences": [1]}, {"documents": "x"}, {"documents": [3]}])
def test_rows_of_another_shape_are_refused(row):
    with pytest.raises(ValueError):  # noqa: PT011
        summarise_row(row, LeadSummariser(), Budget())


def test_a_name_in_short_waits_for_the_sentence_with_the_full_name():
    sentences = [
        "Captain Ada Moore sailed to Tarn on Monday.",
        "The storm sank three boats near the islands.",
        "Later Moore asked for a second lighthouse there.",
    ]
    ranking = [(0, 2), (0, 1), (0, 0)]
    assert select_sentences([sentences], ranking, Budget(sentences=2), "en") == [(0, 0), (0, 1)]
    assert select_sentences([sentences], ranking, Budget(sentences=3), "en") == [(0, 0), (0, 1), (0, 2)]


def test_a_budget_of_words_is_no_quota():
    sentences = [
        "The council of Tarn met on Monday evening.",
        "word " * 20 + "end.",
        "Boats sank near the harbour last autumn.",
    ]
    assert select_sentences([sentences], [(0, 0), (0, 1), (0, 2)], Budget(words=25), "en") == [(0, 0)]


@pytest.mark.parametrize(
    ("sentences", "wanted"),
    [
        (
            ["The town relies on the harbour, especially amid the long winter storms of the north sea every year."],
            "The town relies on the harbour",
        ),
        (["However, Tarn needs a second lighthouse by spring."], "Tarn needs a second lighthouse by spring"),
        (
            ["If the council pays, Tarn gets a lighthouse.", "Sailors of Tarn want more light."],
            "If the council pays, Tarn gets a lighthouse",
        ),
        (
            ["In my view Tarn needs a lighthouse.", "Sailors of Tarn want more light."],
            "Sailors of Tarn want more light",
        ),
        (["Is a lighthouse needed in Tarn?", "Boats of Tarn sank in autumn."], "Boats of Tarn sank in autumn"),
    ],
)
def test_a_made_title_is_a_whole_claim_of_the_article(sentences, wanted):
    assert title_from_sentences(sentences) == wanted


def test_without_a_short_clause_the_title_is_the_beginning_of_the_article():
    long = "The lighthouse of Tarn and the harbour of Tarn, where sailors and the lighthouse keepers of Tarn quarrelled for years, burnt"
    assert (
        title_from_sentences([long + "."]) == "The lighthouse of Tarn and the harbour of Tarn, where sailors and the…"
    )


@given(st.lists(st.text(max_size=120), max_size=5), st.sampled_from(["en", "de", "ja"]))
def test_a_made_title_is_short_and_never_empty(sentences, language):
    assert 0 < len(title_from_sentences(sentences, language)) <= 80


def test_a_dateline_is_left_out_of_a_brief():
    text = "TARN (Reuters) - The council agreed to build a second lighthouse. It will cost two million crowns."
    (brief,) = summarise_theme(theme(article(paragraphs=(text,))), LeadSummariser(), budget=Budget(sentences=1)).briefs
    assert brief.sentences[0].text == "The council agreed to build a second lighthouse."
    assert brief.sentences[0].start == 17
