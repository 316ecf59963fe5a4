"""Summarise: stories become briefs, each sentence quoted from one of their articles to the letter.

A summariser only ranks positions; this stage reads. It takes from the ranking what can stand in a
summary (`selection`), so the rules hold whatever the method, and proves every sentence verbatim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from digest.model import OTHER_KEY, Brief, Budget, Form, Section
from digest.stages.summarise.reports import find_addition
from digest.stages.summarise.selection import take_sentences
from digest.stages.summarise.title import title_from_sentences
from digest.text.novelty import sentence_hash
from digest.text.quoting import ArticleSentences, split_article
from digest.text.reading import reading_minutes
from digest.text.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from digest.model import PlacedStory, Sentence, Theme

__all__ = ["Budget", "Summariser", "headline_of", "summarise_themes"]

MAX_TOLD_SHARE = 0.5  # share of a section lead's words that a card may have


class Summariser(Protocol):
    """Ranks sentences; cannot invent text."""

    def choose(self, documents: Sequence[Sequence[str]], budget: Budget, language: str) -> Sequence[tuple[int, int]]:
        """Positions (document, sentence), best first: at least as many as the budget holds, better all.

        `documents` are the sentences of each document, in reading order; `language` is ISO 639-1.
        """
        ...


def summarise_themes(
    themes: Sequence[Theme],
    summariser: Summariser,
    *,
    budget: Budget,
    section_budget: Budget | None = None,
    printed: Collection[int] = (),
) -> list[Section]:
    """The themes as sections, a brief of every story; no sentence stands in two of them.

    `printed` are hashes of sentences that readers had (`digest.text.novelty`): none is quoted again. The sentences of
    a brief are in the order in which they were chosen, so that it can be shortened. A section of several stories in
    one language begins with what its articles say beside them, where there is such a thing. Raises VerbatimError if a
    sentence is not in its article, which would be a bug.
    """
    said = set(printed)
    briefs = {
        placed.story.key: _summarise_story(placed, summariser, budget, said)
        for placed in sorted((one for theme in themes for one in theme.stories), key=lambda one: -one.weight)
    }
    sections = []
    for theme in themes:
        told = tuple(briefs[placed.story.key] for placed in theme.stories)
        common = () if section_budget is None else _summarise_section(theme, told, summariser, section_budget, said)
        sections.append(Section(key=theme.key, name=theme.name, brief=common, briefs=told))
    return sections


def headline_of(placed: PlacedStory) -> str:
    """The headline of a story: its lead's, or one made from the lead's own words."""
    article = placed.story.lead
    return article.title or title_from_sentences(split_article(article).sentences, article.language)


def _summarise_story(placed: PlacedStory, summariser: Summariser, budget: Budget, said: set[int]) -> Brief:
    """The brief of a story; its sentences are added to `said`."""
    story, text = placed.story, split_article(placed.story.lead)
    chosen = [text.quote_sentence(place) for place in _choose_places(text, placed, summariser, budget, said)]
    if budget.sentences is not None and budget.sentences > 1:
        kept = chosen[: budget.sentences - 1]
        addition = find_addition(story, [*(one.text for one in kept), headline_of(placed)], summariser, said)
        if addition is not None:
            only_news = addition.text in story.news and story.news.isdisjoint(one.text for one in kept)
            chosen = [addition, *kept] if only_news else [*kept, addition]
    said |= {sentence_hash(sentence.text) for sentence in chosen}
    return Brief(
        placed=placed,
        sentences=tuple(chosen),
        title=headline_of(placed),
        title_made=story.lead.title is None,
        minutes=reading_minutes(story.lead.word_count),
        form=Form.CARD if chosen else Form.LINE,
    )


def _choose_places(
    text: ArticleSentences, placed: PlacedStory, summariser: Summariser, budget: Budget, said: set[int]
) -> list[int]:
    """The places of the lead's sentences, best first: an update's news before all others."""
    language = text.article.language
    ranking = list(summariser.choose([text.sentences], budget, language))
    news = placed.story.news
    ranking.sort(key=lambda position: text.sentences[position[1]] not in news)
    used = {(0, place) for place, sentence in enumerate(text.sentences) if sentence_hash(sentence) in said}
    return [place for _, place in take_sentences([text.sentences], ranking, budget, language, used=used)]


def _summarise_section(
    theme: Theme, briefs: Sequence[Brief], summariser: Summariser, budget: Budget, said: set[int]
) -> tuple[Sentence, ...]:
    """Sentences over all stories of a theme that say what no card says; none where there is nothing of the kind."""
    texts = [split_article(placed.story.lead) for placed in theme.stories]
    languages = {text.article.language for text in texts}
    if theme.key == OTHER_KEY or len(texts) < 2 or len(languages) > 1:
        return ()
    language = languages.pop()
    documents = [text.sentences for text in texts]
    told = [
        set(content_stems(f"{brief.title} {' '.join(one.text for one in brief.sentences)}", language))
        for brief in briefs
    ]
    used = {
        (number, place)
        for number, text in enumerate(texts)
        for place, sentence in enumerate(text.sentences)
        if sentence_hash(sentence) in said or not _says_more(sentence, told, language)
    }
    ranking = summariser.choose(documents, budget, language)
    found = sorted(take_sentences(documents, ranking, budget, language, used=used))
    common = tuple(texts[number].quote_sentence(place) for number, place in found)
    said |= {sentence_hash(sentence.text) for sentence in common}
    return common


def _says_more(sentence: str, told: Sequence[set[str]], language: str) -> bool:
    """Whether no card has most of the sentence's words."""
    stems = set(content_stems(sentence, language))
    return all(len(stems & words) <= MAX_TOLD_SHARE * len(stems) for words in told)
