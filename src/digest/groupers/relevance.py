"""How much a text is about something named in a few words: coverage of the words, and what the surest texts lend.

docs/themes.md has the formulas and the figures behind every constant.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from digest.groupers.vectors import TextVectors, unit_vectors, word_rarity
from digest.text.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from digest.model import Article

    Scores = NDArray[np.float64]  # one row per text, one column per query

MIN_SURE_SCORE = 0.45  # score from which a text is about the named thing
TITLE_WEIGHT = 3  # an occurrence in the title counts as this many
LEAD_WEIGHT = 3  # the same for the opening: the first LEAD_WORDS content words of the first two paragraphs
LEAD_WORDS = 60
TERM_SATURATION = 2.5  # how slowly further occurrences of a word add to the first (BM25's k1)
MAX_WORD_SHARE = 1.2  # what one word can add, in shares of its own weight: a little more than its due
FULL_KEYWORDS = 2.0  # keywords that make as much as keywords can
KEYWORD_SHARE = 0.8  # of what the name leaves open, the part that keywords can fill
FULL_RARITY = 2.0  # inverse document frequency of a keyword that counts in full
DESCRIPTION_WEIGHT = 0.5  # a word of the description, beside a keyword
MAX_FEEDBACK_TEXTS = 3  # texts whose words are lent to a query
MAX_EXPANSION_TERMS = 60  # words that they lend
EXPANSION_SHARE = 0.4  # of the score that the lent words make
EXPANSION_GAIN = 1.6  # cosine with the lent words that counts as full: 1 / GAIN
MAX_COUNTED_OCCURRENCES = 8  # weighted occurrences from which a word says no more about which query fits best
COMPOUNDING_LANGUAGES = frozenset({"de", "nl"})  # languages that write several nouns as one word
MIN_COMPOUND_PART_LETTERS = 4  # least letters of a word inside another one


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Something named in a few words, as stems."""

    name: tuple[str, ...]  # each of them should occur
    keywords: tuple[tuple[str, ...], ...] = ()  # alternatives; a phrase counts when all its words occur
    described: tuple[str, ...] = ()  # words that help a little
    exclude: tuple[tuple[str, ...], ...] = ()  # phrases whose words do not count

    @classmethod
    def from_words(
        cls, language: str, name: str, keywords: Iterable[str], description: str, exclude: Iterable[str]
    ) -> Query:
        """Read a query in the words of one language."""
        phrases = (tuple(dict.fromkeys(content_stems(keyword, language))) for keyword in keywords)
        return cls(
            name=tuple(dict.fromkeys(content_stems(name, language))),
            keywords=tuple(phrase for phrase in dict.fromkeys(phrases) if phrase),
            described=tuple(dict.fromkeys(content_stems(description, language))),
            exclude=tuple(filter(None, (tuple(content_stems(phrase, language)) for phrase in exclude))),
        )

    @property
    def stem_weights(self) -> dict[str, float]:
        """Every asked stem, by how much it says which query fits best."""
        described = dict.fromkeys(self.described, 0.3)
        keywords = {stem: 0.6 for phrase in self.keywords for stem in phrase}
        return described | keywords | dict.fromkeys(self.name, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePart:
    """One part of a score: the stems of a word or phrase."""

    stems: tuple[str, ...]
    weight: float
    learnt: bool = False  # lent by the surest texts, not asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Texts of one language, read for some queries."""

    often: tuple[tuple[Mapping[str, float], ...], ...]  # [query][text]: asked stem -> weighted occurrences
    lengths: tuple[float, ...]  # of each text, over the mean
    rarity: Mapping[str, float]  # inverse document frequency of every asked stem
    vectors: TextVectors

    def __len__(self) -> int:
        return len(self.lengths)


def read_corpus(articles: Sequence[Article], queries: Sequence[Query]) -> Corpus:
    """Read articles of one language for some queries."""
    read_as = [_weighted_stems(article) for article in articles]
    counts = [Counter(content_stems(article.text, article.language)) for article in articles]
    for count, article in zip(counts, articles, strict=True):
        for stem in content_stems(article.title or "", article.language):
            count[stem] += 2
    df = Counter(stem for count in counts for stem in count)
    asked = {stem for query in queries for stem in query.stem_weights}
    inside = _stems_inside_words(asked, df) if articles and articles[0].language in COMPOUNDING_LANGUAGES else {}
    plain = [_count_asked_stems(occurrences, (), asked, inside) for occurrences in read_as]
    often = tuple(
        tuple(_count_asked_stems(occurrences, query.exclude, asked, inside) for occurrences in read_as)
        if query.exclude
        else tuple(plain)
        for query in queries
    )
    lengths = [max(1, len(occurrences)) for occurrences in read_as]
    mean = sum(lengths) / max(1, len(lengths))
    seen = Counter(stem for one in plain for stem in one)
    return Corpus(
        often=often,
        lengths=tuple(length / mean for length in lengths),
        rarity={stem: word_rarity(max(1, seen[stem]), len(articles)) for stem in sorted(asked)},
        vectors=unit_vectors(counts, {stem: word_rarity(often, len(articles)) for stem, often in df.items()}),
    )


def coverage_parts(corpus: Corpus, queries: Sequence[Query], text: int, number: int) -> list[ScorePart]:
    """The parts of how far a text covers a query, 0..1 in sum.

    Words of the name share the whole by their rarity, each growing with its occurrences (BM25's curve);
    keywords fill what the name leaves open.
    """
    query, often = queries[number], corpus.often[number][text]
    slow = TERM_SATURATION * (0.25 + 0.75 * corpus.lengths[text])

    def saturated_frequency(stem: str) -> float:
        count = often.get(stem, 0.0)
        return min(MAX_WORD_SHARE, 2 * count / (count + slow)) if count else 0.0

    whole = sum(corpus.rarity[stem] for stem in query.name)
    named: dict[tuple[str, ...], float] = {
        (stem,): corpus.rarity[stem] * saturated_frequency(stem) / whole for stem in query.name if stem in often
    }
    cover = sum(named.values())
    parts = _scale_parts(named, min(1.0, cover))
    alternatives = dict.fromkeys(query.keywords, 1.0) | {(stem,): DESCRIPTION_WEIGHT for stem in query.described}
    found = {
        phrase: weight
        * min(map(saturated_frequency, phrase))
        * min(1.0, sum(corpus.rarity[stem] for stem in phrase) / FULL_RARITY)
        / FULL_KEYWORDS
        for phrase, weight in alternatives.items()
        if all(stem in often for stem in phrase)
    }
    return parts + _scale_parts(found, max(0.0, 1 - cover) * KEYWORD_SHARE * min(1.0, sum(found.values())))


def distinctive_use_scores(corpus: Corpus, queries: Sequence[Query], rivals: Sequence[int]) -> Scores:
    """How much each text uses the words of each query that tell the competing texts apart: [text, query].

    A word that all `rivals` (the texts that are about any query) hold tells nothing, whatever the archive says.
    """
    import numpy as np

    weights = [query.stem_weights for query in queries]
    asked = sorted({stem for one in weights for stem in one})
    seen = Counter(stem for text in rivals for stem in {stem for often in corpus.often for stem in often[text]})
    one = log((len(rivals) + 1) / 1.5)
    apart = {stem: max(0.1, log((len(rivals) + 1) / (seen[stem] + 0.5)) / one if one > 0 else 1.0) for stem in asked}
    scores = np.zeros((len(corpus), len(queries)))
    for number, weight in enumerate(weights):
        for text, often in enumerate(corpus.often[number]):
            scores[text, number] = sum(
                weight[stem] * corpus.rarity[stem] * apart[stem] * min(MAX_COUNTED_OCCURRENCES, count)
                for stem, count in often.items()
                if stem in weight
            )
    return scores


def expansion_vector(vectors: TextVectors, covers: Scores) -> Scores:
    """The words that the texts of highest coverage lend to a query, as a unit vector over the vocabulary (or zeros)."""
    import numpy as np

    best = [
        text
        for text in np.argsort(-covers, kind="stable")[:MAX_FEEDBACK_TEXTS].tolist()
        if covers[text] >= MIN_SURE_SCORE
    ]
    centre = np.zeros(len(vectors.names))
    for text in best:
        place = vectors.row_slice(text)
        centre[vectors.terms[place]] += covers[text] * vectors.weights[place]
    if best:
        centre[np.argsort(-centre, kind="stable")[MAX_EXPANSION_TERMS:]] = 0.0
        centre /= np.sqrt((centre**2).sum()) or 1.0
    return centre


def blend_score(cover: Sequence[ScorePart], vectors: TextVectors, text: int, lent: Scores) -> list[ScorePart]:
    """The parts of a score: coverage, and the likeness to the lent words where there are some."""
    if not lent.any():
        return list(cover)
    place = vectors.row_slice(text)
    products = vectors.weights[place] * lent[vectors.terms[place]]
    shared: dict[tuple[str, ...], float] = {
        (vectors.names[term],): weight
        for term, weight in zip(vectors.terms[place].tolist(), products.tolist(), strict=True)
        if weight > 0
    }
    own = [ScorePart(stems=part.stems, weight=(1 - EXPANSION_SHARE) * part.weight) for part in cover]
    return own + _scale_parts(shared, EXPANSION_SHARE * min(1.0, EXPANSION_GAIN * sum(shared.values())), learnt=True)


def total_score(parts: Iterable[ScorePart]) -> float:
    """The score that the parts make."""
    return sum(part.weight for part in parts)


def _scale_parts(parts: Mapping[tuple[str, ...], float], whole: float, *, learnt: bool = False) -> list[ScorePart]:
    """The parts, made to sum to `whole`."""
    scale = whole / (sum(parts.values()) or 1.0)
    return [ScorePart(stems=stems, weight=weight * scale, learnt=learnt) for stems, weight in parts.items()]


def _weighted_stems(article: Article) -> list[tuple[str, int]]:
    """The stems of an article in order, each with what an occurrence there counts."""
    found = [(stem, TITLE_WEIGHT) for stem in content_stems(article.title or "", article.language)]
    left = LEAD_WORDS
    for number, paragraph in enumerate(article.paragraphs):
        inside = content_stems(paragraph, article.language)
        opening = min(left, len(inside)) if number < 2 else 0
        left -= opening
        found += [(stem, LEAD_WEIGHT if place < opening else 1) for place, stem in enumerate(inside)]
    return found


def _count_asked_stems(
    occurrences: Sequence[tuple[str, int]],
    exclude: Sequence[tuple[str, ...]],
    asked: set[str],
    inside: Mapping[str, Mapping[str, float]],
) -> dict[str, float]:
    """Weighted occurrences of the asked stems, those in excluded phrases left out."""
    often: dict[str, float] = {}
    words = [stem for stem, _ in occurrences]
    barred = {
        place + step
        for phrase in exclude
        for place in range(len(words))
        if words[place] == phrase[0] and tuple(words[place : place + len(phrase)]) == phrase
        for step in range(len(phrase))
    }
    for place, (stem, weight) in enumerate(occurrences):
        if place in barred:
            continue
        if stem in asked:
            often[stem] = often.get(stem, 0.0) + weight
        for whole, share in inside.get(stem, {}).items():
            often[whole] = often.get(whole, 0.0) + share * weight
    return often


def _stems_inside_words(asked: set[str], vocabulary: Iterable[str]) -> dict[str, dict[str, float]]:
    """For each word of the texts the asked stems it tells of: "Streik" half of "Bahnstreik", "Rheinbrücke" all of "Brücke"."""
    by_end: dict[str, list[str]] = {}
    for stem in sorted(asked):
        if len(stem) > MIN_COMPOUND_PART_LETTERS:
            by_end.setdefault(stem, []).append(stem)
    inside: dict[str, dict[str, float]] = {}
    for word in vocabulary:
        for cut in range(MIN_COMPOUND_PART_LETTERS, len(word) - 1):
            for piece in {word[:cut], word[cut:]} & by_end.keys():
                inside.setdefault(word, {})[piece] = 1.0
    known = set(vocabulary)
    for stem in sorted(asked):
        for cut in range(MIN_COMPOUND_PART_LETTERS, len(stem) - MIN_COMPOUND_PART_LETTERS + 1):
            for piece in sorted({stem[:cut], stem[cut:]} & known):
                inside.setdefault(piece, {})[stem] = 0.5
    return inside
