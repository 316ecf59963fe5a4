import pytest

from digest.text.readable import NameMentions, depends_on_previous, sentence_length, summary_flaw


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "He also said there had been no decision."),
        ("en", "It’s also why the fleet stays at home."),
        ("en", "And despite the call, nobody moved."),
        ("en", "“They left,” said Ann Poe."),
        ("en", "For example, the fleet stayed."),
        ("en", "On May 2, she will sail to the islands."),
        ("en", "In it, three sailors tell of the storm."),
        ("en", "“The fleet is ready for the islands,” she said on Monday."),
        ("fr", "« La flotte est prête pour les îles », a-t-elle dit."),
        ("de", "„Die Flotte ist bereit für die Inseln“, sagte sie am Montag."),
        ("de", "Doch die Flotte blieb im Hafen."),
        ("fr", "C’est pourquoi la flotte reste au port."),
        ("es", "Sin embargo, la flota se queda."),
    ],
)
def test_an_opener_that_points_back_dangles(language, sentence):
    assert depends_on_previous(sentence, language)


@pytest.mark.parametrize(
    "sentence",
    [
        "Italy sent two ships.",
        "The fleet stays.",
        "Andes villages were cut off.",
        "After Moore left, she was missed.",
        "",
    ],
)
def test_other_openers_stand(sentence):
    assert not depends_on_previous(sentence)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The fleet stays at home.", "fragment"),
        ("“The fleet stays at home for now, he hopes.", "half a quotation"),
        ("“The fleet will stay at home.”", "quotation without a speaker"),
        ("The fleet of the northern islands", "no end"),
        ("Subscribe to read all about the fleet today.", "web page"),
        ("word " * 60 + "end.", "too long"),
        ("The fleet is seen in the harbour of Tarn on Tuesday, Jan. 24, 2017.", "caption"),
        ("The fleet of the northern islands will soon...", "no end"),
        ("Tarn, Norland, Upper Lake, Sea of Winds 7.", "names only"),
        ("The fleet stays at home, said Ann Poe.", None),
        ("„Die Flotte bleibt zunächst im Hafen“, sagte Kunz.", None),
    ],
)
def test_flaws(sentence, reason):
    assert summary_flaw(sentence, "de" if sentence.startswith("„") else "en") == reason


def test_a_name_in_short_is_known_by_the_sentence_that_says_it_in_full():
    names = NameMentions(
        [
            "The sailors met in Tarn.",
            "Captain Ada Moore spoke first.",
            "Then Moore left for Tarn with Lee.",
            "Moore's boat sank.",
        ]
    )
    assert [names.short_names(place) for place in range(4)] == [[], [], ["Moore"], ["Moore"]]


def test_nouns_of_german_are_no_names():
    names = NameMentions(["Die Deutsche Flotte liegt im Hafen.", "Am Abend sank die Flotte."], "de")
    assert names.short_names(1) == []


def test_size_counts_pairs_of_characters_where_words_are_not_separated():
    assert (sentence_length("会議は月曜日に始まる。", "ja"), sentence_length("It starts now.", "en")) == (5, 3)


@pytest.mark.parametrize("piece", ["“", '"', "« ", ", ", "A. ", "a, he ", "Moore ", "(", "… ", ",  "])
def test_hostile_sentences_take_linear_time(piece):
    sentence = piece * 40_000
    summary_flaw(sentence)
    depends_on_previous(sentence)
    NameMentions([sentence, sentence]).short_names(1)
