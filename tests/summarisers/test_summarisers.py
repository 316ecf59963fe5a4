import math
import random
import subprocess
import sys
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model import Budget
from digest.summarisers.directed import K1, B, DirectedSummariser, backward_weight, cross_scores, directed_scores
from digest.summarisers.lead import LeadSummariser
from digest.summarisers.sumy import METHODS, SumySummariser

THREE = Budget(sentences=3)
EVERY = [DirectedSummariser(), LeadSummariser(), *(SumySummariser(method=method) for method in METHODS)]
TEXT = [
    "The harbour of Tarn will get a second lighthouse next spring.",
    "The council of Tarn agreed on Monday to pay for the lighthouse.",
    "Sailors had asked for a second light at the harbour for years.",
    "Weather was fine.",
    "A storm sank three boats near the harbour of Tarn last autumn.",
]


@pytest.mark.parametrize("summariser", EVERY, ids=repr)
def test_every_position_is_ranked_once(summariser):
    documents = [TEXT, [*reversed(TEXT)], []]
    ranking = summariser.choose(documents, THREE, "en")
    assert sorted(ranking) == [(d, s) for d, document in enumerate(documents) for s in range(len(document))]


@pytest.mark.parametrize("summariser", EVERY, ids=repr)
@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["", "The fleet stays.", "«?»", "a", "Ships ships ships.", "Не знаю, что это."]), max_size=4
        ),
        max_size=3,
    )
)
def test_odd_documents_never_break_a_method(summariser, documents):
    known = {(d, s) for d, document in enumerate(documents) for s in range(len(document))}
    ranking = [*summariser.choose(documents, THREE, "en")]
    assert len(set(ranking)) == len(ranking)
    assert set(ranking) <= known


def test_lead_takes_documents_in_turn():
    assert LeadSummariser().choose([["a", "b"], ["c"]], THREE, "en") == [(0, 0), (1, 0), (0, 1)]


def test_directed_equals_the_dense_form_of_the_formula():
    draw = random.Random(7)
    bags = [Counter(draw.choices("abcdefgh", k=draw.randint(1, 9))) for _ in range(12)]
    weights = {word: 0.5 + number / 4 for number, word in enumerate("abcdefgh")}
    mean = sum(map(len, [list(bag.elements()) for bag in bags])) / 12

    def bm25(bag, words):
        norm = K1 * (1 - B + B * sum(bag.values()) / mean)
        return sum(weights[w] * bag[w] * (K1 + 1) / (bag[w] + norm) for w in words if w in bag)

    likeness = [[(bm25(b, a) + bm25(a, b)) / 2 for b in bags] for a in bags]
    back = [sum(likeness[i][:i]) for i in range(12)]
    forth = [sum(likeness[i][i + 1 :]) for i in range(12)]
    wanted = [f / max(forth) - b / max(back) for f, b in zip(forth, back, strict=True)]
    assert directed_scores(bags, weights) == pytest.approx(wanted)


def test_cross_scores_equal_the_sum_of_cosines_to_other_documents():
    vectors = [{"a": 1.0}, {"a": 0.6, "b": 0.8}, {"b": 1.0}]
    assert cross_scores(vectors, [0, 1, 1]) == pytest.approx([0.6, 0.6, 0.0])


def test_direction_counts_less_the_longer_the_summary():
    assert [backward_weight(share) for share in (0.05, 0.1, 0.175, 0.25, 0.9)] == pytest.approx([-1, -1, 0, 1, 1])


def test_several_documents_do_not_repeat_each_other():
    ranking = DirectedSummariser(diversity=9.0).choose([TEXT, TEXT], Budget(sentences=2), "en")
    assert TEXT[ranking[0][1]] != TEXT[ranking[1][1]]


def test_directed_grows_linearly():
    draw = random.Random(1)
    sentences = [" ".join(f"w{draw.randint(0, 3000)}" for _ in range(20)) for _ in range(8000)]
    DirectedSummariser().choose([sentences[:1000]], THREE, "en")
    spent = []
    for size in (1000, 8000):
        start = time.process_time()
        DirectedSummariser().choose([sentences[:size]], THREE, "en")
        spent.append(time.process_time() - start)
    assert spent[1] < 24 * max(spent[0], 0.01)


def test_long_input_is_cut_for_sumy():
    sentences = [f"Boat {number} left the harbour of Tarn." for number in range(200)]
    assert len(SumySummariser(method="kl").choose([sentences, sentences], THREE, "en")) == METHODS["kl"][1]


@pytest.mark.slow
@pytest.mark.parametrize("method", ["lsa", "lex-rank"])
def test_sumy_ranks_alike_in_every_process(method):
    code = (
        "from digest.summarisers.sumy import SumySummariser; from digest.model import Budget;"
        f"print(SumySummariser(method={method!r}).choose([{TEXT!r}], Budget(), 'en'))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in "123"
    }
    assert len(answers) == 1


def test_scores_stay_finite():
    assert all(math.isfinite(score) for score in directed_scores([Counter(), Counter()], {}))
