"""A cleaner is judged by what it keeps: unusual articles survive whole, and words alone condemn no line."""

from __future__ import annotations

import pytest

WHOLE = {
    "poem": "The Lighthouse Keeper\n\nI climb the stairs at four,\nthe lamp already warm,\nand count the boats\nthat did not come to harm.\n\nEnd of the watch.\nShare the bread.\nFollow the gulls\nto where the night has led.",
    "verse without title": "I climb the stairs at four,\nthe lamp already warm,\nand count the boats\nthat did not come to harm.",
    "list": "Four things to do in Porto\n\n1. Walk the upper deck of the bridge\n2. Ride tram number 1\n3. See the tiles in the station\n4. Browse the market",
    "interview": "‘We were never asked’\n\nQ: When did you hear about the new line?\nA: On the radio, like everyone.\nQ: Did they answer?\nA: No.\nQ: Did they answer?\nA: No.",
    "dialogue": "Ann Lee: When did you hear about the line?\nJo Hill: On the radio.\nAnn Lee: And then?\nJo Hill: I called the council.",
    "transcript": "COUNCIL MEETING, 12 MARCH\n\nCHAIR: The meeting is open.\nCLLR HAY: Chair, the minutes.\nCHAIR: Agreed?\nALL: Agreed.",
    "live blog": "Storm live: latest updates\n\n14:05\nThe harbour is closed until further notice, the port authority says.\n\n13:12\nTrains between Westhaven and Norton are cancelled",
    "note": "The ferry is cancelled today.",
    "one line": "Ferry cancelled today",
    "recipe": "Pear jam\n\nIngredients\n8 ripe pears\n1 lemon\n\nMethod\nPeel the pears.\nCook them with the juice for 20 minutes.",
    "results": "Results of the second round\n\nGroup A\nNorton 2, Westhaven 1\nRiga 0, Porto 0\nGroup B\nLeeds 3, Bath 3",
    "key dates": "Key dates in the dispute\n\n12 March 2021: The council announces the line.\n4 May 2021: Fishermen protest.\n2 February 2024: The line opens.",
    "cross-heads": "City buys old mill\n\nThe city has bought the old mill for 2 million euros, the mayor said on Monday.\nWhat happens next\nArchitects will be asked for plans by June. The roof comes first.\nThe money\nHalf of the sum comes from the state. The rest is a loan over ten years.",
    "letter": "Dear reader,\n\nLast week I wrote about the ferry. Many of you answered, and I want to thank you.\n\nYours,\nKate",
    "arabic": "اتفق وزراء الدفاع يوم الأربعاء على توسيع مهمة التدريب في العراق، وفق ما قال الأمين العام للحلف.\nوأضاف أن المهمة ستستأنف في أقرب وقت ممكن.",
    "chinese": "北约国防部长周三同意扩大在伊拉克的训练任务，秘书长说。\n任务将尽快恢复。",
    "russian": "Министры обороны договорились в среду расширить учебную миссию в Ираке, сообщил генеральный секретарь.\nМиссия возобновится.",
    "hindi": "परिषद ने सोमवार को नई नौका सेवा शुरू करने का निर्णय लिया। मछुआरों ने और समय मांगा।",
}
SENTENCES = [
    "This must end.",
    "Share this burden, allies were told.",
    "Subscribe to this view, he warned them, and the alliance is lost.",
    "Follow the money, the auditors said. It led to a small office in Riga.",
    "Read more books, the minister told pupils on Monday.",
    "Join the queue, said the guard at the gate of the embassy.",
    "By night the harbour is empty. By Friday it will be full.",
    "Photo: the word means light-writing, the curator explained to the children.",
    "The regulator fined the app because its privacy policy and terms of service were hard to read.",
    "“All rights reserved does not mean all rights ignored,” the commissioner said.",
    "The virus first appeared in 2014, when the camp was founded.",
    "“We received an inquiry and are cooperating,” said a spokesman when contacted by Reuters.",
    "About 8,000 soldiers are currently in Afghanistan",
    "On January 3 the mission was suspended, and on 8 December 2024 it began again.",
]


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE.keys())
def test_an_unusual_article_survives_whole(article, text):
    found = article(text)
    kept = [line for line in (found.title, found.standfirst, *found.paragraphs) if line]
    assert kept == [line for line in text.split("\n") if line]
    assert found.dropped == ()


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_sentence_is_kept_wherever_it_stands(article, sentence, place):
    body = [
        "The harbour council met on Monday to decide on the new ferry line to the islands.",
        "Its chair said that the vote would be repeated in March, after the budget talks are over.",
    ]
    body.insert(place, sentence)
    assert article("Ferry vote is put off\n\n" + "\n".join(body)).paragraphs == tuple(body)


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "de",
            "Von Anfang an hatten die Fischer mehr Zeit verlangt.\nTeilen wollen sie die Kosten nicht. Mehr Geld soll der Bund geben.",
        ),
        (
            "fr",
            "Par deux fois déjà, les pêcheurs avaient demandé plus de temps.\nPartager les coûts ne suffira pas, selon la maire.",
        ),
        (
            "es",
            "Por segunda vez, los pescadores pidieron más tiempo.\nComparte la alcaldesa esa opinión, aunque no lo diga.",
        ),
        (
            "it",
            "Di nuovo i pescatori hanno chiesto più tempo.\nCondividi il pane, dice il proverbio che la sindaca ama citare.",
        ),
        (
            "nl",
            "Door de storm lag de haven een week stil.\nDeel het brood, zegt het spreekwoord dat de burgemeester graag noemt.",
        ),
        (
            "pt",
            "Por segunda vez, os pescadores pediram mais tempo.\nPartilhar os custos não chega, disse a presidente da câmara.",
        ),
    ],
)
def test_words_of_furniture_inside_sentences_of_other_languages_are_kept(article, language, sentences):
    found = article(sentences)
    assert found.paragraphs == tuple(sentences.split("\n"))
    assert found.language == language
