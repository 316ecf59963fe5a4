"""What other reports of an event say that the lead does not: one sentence, credited to who wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.model import Budget
from digest.text.novelty import names_and_numbers, sentence_hash
from digest.text.quoting import ArticleSentences, split_article
from digest.text.readable import depends_on_previous, summary_flaw
from digest.text.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from digest.model import Article, Sentence, Story
    from digest.stages.summarise import Summariser

MAX_REPORTS = 5  # other reports that are looked at
LEADING_SENTENCES = 3  # of a report's ranking that may be quoted
MIN_SHARED_STEMS = 3  # content words that the sentence has in common with the lead: it is about the same
MAX_WORDS = 40
MAX_TOLD_SHARE = 0.5  # of its content words that the card has anyway
NEWS_WORTH = 100  # more than any number of names


def find_addition(story: Story, told: Sequence[str], summariser: Summariser, said: Collection[int]) -> Sentence | None:
    """The sentence of another report that brings most names and numbers that the lead does not have; None if none does.

    `told` is what the card says anyway: a sentence that repeats it adds nothing. For an update whose news another
    article has, it is a sentence with the news.
    """
    lead = story.lead
    own = set(content_stems(f"{lead.title or ''}\n{lead.text}", lead.language))
    known = set(content_stems(" ".join(told), lead.language))
    wanted = story.news - set(told)
    best: tuple[int, Sentence] | None = None
    for article in _reports(story):
        text = split_article(article)
        ranking = summariser.choose([text.sentences], Budget(sentences=LEADING_SENTENCES), article.language)
        for place in _places_to_quote(text, [place for _, place in ranking], wanted):
            sentence = text.sentences[place]
            if sentence_hash(sentence) in said or not _stands_alone(sentence, article.language):
                continue
            stems = set(content_stems(sentence, article.language))
            if len(stems & known) > MAX_TOLD_SHARE * len(stems):
                continue
            new = names_and_numbers(sentence, article.language) - own
            worth = len(new) * (len(own & stems) >= MIN_SHARED_STEMS) + NEWS_WORTH * (sentence in wanted)
            if worth and (best is None or worth > best[0]):
                best = (worth, text.quote_sentence(place))
    return best[1] if best else None


def _reports(story: Story) -> Iterator[Article]:
    """The other articles that can add something, in the lead's language."""
    others = [other.article for other in story.others if other.article.language == story.lead.language]
    yield from others[:MAX_REPORTS]


def _places_to_quote(text: ArticleSentences, ranking: list[int], wanted: Collection[str]) -> list[int]:
    """Where news stands, then the sentences that rank first."""
    news = [place for place, sentence in enumerate(text.sentences) if sentence in wanted]
    return [*news, *ranking[:LEADING_SENTENCES]]


def _stands_alone(sentence: str, language: str) -> bool:
    short = len(sentence.split()) <= MAX_WORDS
    return short and summary_flaw(sentence, language) is None and not depends_on_previous(sentence, language)
