import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.sentences import split_sentences, strip_dateline

CASES = {
    "a rank and a country do not end a sentence": (
        "en",
        ["Envoys blamed Gen. Ada Moore for a U.S. drone strike.", "Nobody was hurt."],
    ),
    "a country ends one before a likely first word": ("en", ["She flew to the U.S.", "The trip was short."]),
    "initials": ("en", ["J. K. Finch and Olu B. Adeyemi signed it.", "They left."]),
    "a state after a party": ("en", ["Sen. Ann Poe, R-Ariz., met him.", "They talked."]),
    "a month before a day, a number at the end": (
        "en",
        ["It began on Jan. 3.", "1,200 people came in 2019.", "All went home."],
    ),
    "a quotation of several sentences is one unit": (
        "en",
        ["“We tried. It failed. That is why we stop,” said Maria Lund.", "Others went on."],
    ),
    "balanced straight quotation marks hold together too": (
        "en",
        ['"We tried. It failed," said Lund.', "Others went on."],
    ),
    "an unbalanced mark does not swallow the rest": ("en", ['A 6" pipe burst.', "Water ran.", "It stopped."]),
    "a question inside quotation marks": ("en", ["“Did you go?” she asked.", "“No!” he said.", "They left."]),
    "zone after the hour": ("en", ["It struck at 9 p.m. EST.", "Few felt it."]),
    "ill is a word, Ill. a state": ("en", ["The minister was ill.", "Chicago, Ill. officials waited."]),
    "a camel-case name begins a sentence": ("en", ["Profits rose.", "iRobot fell."]),
    "German ordinals and abbreviations": (
        "de",
        [
            "Am 3. Oktober kamen z. B. die Minister nach Bonn.",
            "Der 2. Gipfel folgt ca. ein Jahr später.",
            "Dr. Kunz blieb.",
        ],
    ),
    "German quotation marks": ("de", ["„Wir gehen. Wir kommen wieder“, sagte Kunz.", "Dann ging er."]),
    "French guillemets": ("fr", ["« Nous partons. Nous reviendrons », a dit M. Petit.", "Puis il est parti."]),
    "Spanish": ("es", ["El Sr. Gómez llegó a EE. UU. el lunes.", "¿Qué hará ahora?", "Nadie lo sabe."]),
    "Italian": ("it", ["Il dott. Bianchi ha visto l'on. Neri.", "«Partiamo. Torneremo», ha detto."]),
    "Dutch": ("nl", ["De heer dr. P. de Vries sprak o.a. met mevr. Smit.", "Daarna ging hij weg."]),
    "Portuguese": ("pt", ["O Sr. Silva falou com a Dra. Costa às 10h.", "Depois saiu."]),
    "no spaces between sentences in Japanese": ("ja", ["会議は月曜日に始まる。", "参加者は二十人だ。"]),
    "Hindi and Arabic stops": ("hi", ["बैठक सोमवार को होगी।", "सब आएंगे।"]),
}


@pytest.mark.parametrize("name", CASES)
def test_splits(name):
    language, wanted = CASES[name]
    joint = "" if language == "ja" else " "
    assert [span.text for span in split_sentences(joint.join(wanted), language)] == wanted


def test_a_line_without_a_full_stop_is_a_block_of_its_own():
    assert [span.text for span in split_sentences("Ministers agree\nThe ministers met\nin Bonn. They agreed.")] == [
        "Ministers agree",
        "The ministers met\nin Bonn.",
        "They agreed.",
    ]


def test_a_bullet_is_not_part_of_the_sentence():
    assert [span.text for span in split_sentences("- Power is shared.")] == ["Power is shared."]


@given(
    st.text(alphabet=st.sampled_from('aB1 .!?…"“”„«»\n-(,)'), max_size=80) | st.text(max_size=80),
    st.sampled_from(["en", "de", "xx"]),
)
def test_spans_are_verbatim_in_order_and_lose_only_space_and_bullets(text, language):
    spans = split_sentences(text, language)
    at = 0
    for span in spans:
        assert span.text == text[span.start : span.end] == span.text.strip() != ""
        assert (
            not text[at : span.start].strip(" \t\n\r-–—•·*▪‣\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029")
            or text[at : span.start].strip() in "-–—•·*▪‣"
        )
        at = span.end
    assert not text[at:].strip()


@pytest.mark.parametrize("piece", [".", ". ", '"', "“", "a. ", "A. ", "(", '.")', "… ", "\n", "1. ", "U.S. "])
def test_hostile_repetition_takes_linear_time(piece):
    split_sentences(piece * 40_000)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("BRUSSELS (Reuters) - Ministers agreed to build a lighthouse.", "Ministers agreed to build a lighthouse."),
        ("Tarn, Norland – Five boats sank on Monday near the harbour.", "Five boats sank on Monday near the harbour."),
        (
            "Tarn, Norland (CNN)Five boats sank on Monday near the harbour.",
            "Five boats sank on Monday near the harbour.",
        ),
        (
            "TARN, Jan. 4 (AP) — Five boats sank on Monday near the harbour.",
            "Five boats sank on Monday near the harbour.",
        ),
        ("Berlin (dpa) – Fünf Boote sanken am Montag vor dem Hafen.", "Fünf Boote sanken am Montag vor dem Hafen."),
        (
            "NATO — founded in 1949 — will meet in Tarn on Monday.",
            "NATO — founded in 1949 — will meet in Tarn on Monday.",
        ),
        (
            "The fund (FUND) was set up in Tarn on Monday evening.",
            "The fund (FUND) was set up in Tarn on Monday evening.",
        ),
    ],
)
def test_a_dateline_is_not_part_of_the_first_sentence(text, wanted):
    (span,) = split_sentences(text)
    bare = strip_dateline(span)
    assert bare.text == wanted == text[bare.start : bare.end]
