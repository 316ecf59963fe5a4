import pytest

from digest.text.readable import flaw, leans


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "He also said there had been no decision."),
        ("en", "It’s also why the fleet stays at home."),
        ("en", "And despite the call, nobody moved."),
        ("en", "“They left,” said Ann Poe."),
        ("en", "For example, the fleet stayed."),
        ("de", "Doch die Flotte blieb im Hafen."),
        ("fr", "C’est pourquoi la flotte reste au port."),
        ("es", "Sin embargo, la flota se queda."),
    ],
)
def test_an_opener_that_points_back_dangles(language, sentence):
    assert leans(sentence, language)


@pytest.mark.parametrize("sentence", ["Italy sent two ships.", "The fleet stays.", "Andes villages were cut off.", ""])
def test_other_openers_stand(sentence):
    assert not leans(sentence)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The fleet stays at home.", "fragment"),
        ("“The fleet stays at home for now, he hopes.", "half a quotation"),
        ("“The fleet will stay at home.”", "quotation without a speaker"),
        ("The fleet of the northern islands", "no end"),
        ("Subscribe to read all about the fleet today.", "web page"),
        ("word " * 60 + "end.", "too long"),
        ("The fleet stays at home, said Ann Poe.", None),
        ("„Die Flotte bleibt zunächst im Hafen“, sagte Kunz.", None),
    ],
)
def test_flaws(sentence, reason):
    assert flaw(sentence, "de" if sentence.startswith("„") else "en") == reason
