"""Recognise: what readers had is left out, what brings news of it is an update, and a developing event keeps its identity.

A text is recognised by its key or by its sentences, whatever its headline and its address. News is a sentence that no
earlier text and no earlier issue had, with a name, a number or several words that the earlier texts did not have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.model import LeftOut, RelatedArticle, Relation
from digest.stages.recognise.events import link_events
from digest.stages.recognise.remember import remember_issue
from digest.stages.recognise.texts import RememberedTexts, article_sentences
from digest.text.novelty import SENTENCE_HASH_BYTES, STEM_HASH_BYTES, has_news, sentence_hash, unpack_codes
from digest.text.readable import summary_flaw

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from digest.model import Article, Memory, RememberedArticle, Story, Theme

__all__ = [
    "RecognisedStories",
    "leave_out",
    "link_events",
    "recognise_stories",
    "remember_issue",
    "split_off_updates",
]

HAD = "readers had it"
HAD_BEFORE = "came before and had no room"
NO_REPEATS = "readers had its story before (repeat: never)"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedStories:
    """What is new, and what is not."""

    stories: tuple[Story, ...]
    left_out: tuple[LeftOut, ...]


def recognise_stories(stories: Iterable[Story], memory: Memory, *, repeat: str = "updates") -> RecognisedStories:
    """The stories that readers have not had, in order, updates marked with their news; the rest with the reason.

    `repeat`: `updates` leaves out what brings no news, `never` also what brings some, `always` nothing.
    """
    texts = RememberedTexts(memory)
    new: list[Story] = []
    left_out: list[LeftOut] = []
    for story in stories:
        known, reason = _recognise_story(story, memory, texts)
        if known is not None and known.update and repeat == "never":
            known, reason = None, NO_REPEATS
        if known is None and repeat == "always":
            known = story
        if known is None:
            left_out += [leave_out(article, reason) for article in story.articles]
        else:
            new.append(known)
    return RecognisedStories(stories=tuple(new), left_out=tuple(left_out))


def split_off_updates(themes: Sequence[Theme]) -> tuple[list[Theme], list[LeftOut]]:
    """The themes without what goes on with a story that readers had (`repeat: never`), and that with the reason."""
    rest = [replace(theme, stories=tuple(one for one in theme.stories if not one.story.update)) for theme in themes]
    repeats = [one.story for theme in themes for one in theme.stories if one.story.update]
    left_out = [leave_out(article, NO_REPEATS) for story in repeats for article in story.articles]
    return [theme for theme in rest if theme.stories], left_out


def leave_out(article: Article, reason: str) -> LeftOut:
    """An article that is not printed, and why."""
    return LeftOut(id=article.key, title=article.title or "", url=article.url, reason=reason)


def _recognise_story(story: Story, memory: Memory, texts: RememberedTexts) -> tuple[Story | None, str]:
    """The story, marked where it is an update; None and the reason when readers had it."""
    known = {article.key: texts.earlier_forms(article) for article in story.articles}
    found = [form for forms in known.values() for form in forms]
    if not found:
        return _recognise_by_fingerprint(story, memory)
    printed = any(form.printed for form in found)
    event = next((form.event for form in found if form.printed), "") or found[0].event
    if _is_unchanged(story, memory, known):
        return None, HAD if printed else HAD_BEFORE
    news = {article.key: _new_sentences(article, found, memory) for article in story.articles}
    if not any(news.values()):
        return None, HAD if printed else HAD_BEFORE
    told = memory.events.get(event) if printed else None
    story = replace(
        _led_by_news(story, news),
        update=True,
        news=frozenset().union(*news.values()),
        event=event,
        first_told=told.first_told if told else None,
    )
    return story, ""


def _led_by_news(story: Story, news: Mapping[str, frozenset[str]]) -> Story:
    """The story led by an article with news, where its lead has none: a copy of what readers had leads nothing."""
    if news[story.lead.key]:
        return story
    number, first = next((n, other) for n, other in enumerate(story.others) if news[other.article.key])
    former = RelatedArticle(article=story.lead, relation=Relation.COPY, overlap=first.overlap)
    rest = story.others[:number] + story.others[number + 1 :]
    return replace(story, lead=first.article, others=(former, *rest))


def _is_unchanged(story: Story, memory: Memory, known: dict[str, list[RememberedArticle]]) -> bool:
    """Whether every article of the story came before with the same text, under whatever key."""
    return all(
        memory.fingerprints.get(article.key) == article.fingerprint
        or any(form.fingerprint == article.fingerprint for form in known[article.key])
        for article in story.articles
    )


def _recognise_by_fingerprint(story: Story, memory: Memory) -> tuple[Story | None, str]:
    """What a store without a memory tells (that of the first release, or a lost one): the same text, or another one."""
    had = [article for article in story.articles if article.key in memory.fingerprints]
    if not had:
        return story, ""
    same = [article for article in had if memory.fingerprints[article.key] == article.fingerprint]
    if story.lead in same or len(same) == len(story.articles):
        return None, HAD
    if story.lead not in had and same:
        return None, HAD
    return replace(story, update=True), ""


def _new_sentences(article: Article, forms: Sequence[RememberedArticle], memory: Memory) -> frozenset[str]:
    """The sentences of an article that no earlier form of it had, that no issue printed, and that bring something."""
    said = {code for form in forms for code in unpack_codes(form.sentences, SENTENCE_HASH_BYTES)} | memory.sentences
    stems = {code for form in forms for code in unpack_codes(form.stems, STEM_HASH_BYTES)}
    return frozenset(
        sentence
        for sentence in article_sentences(article)
        if sentence_hash(sentence) not in said
        and has_news(sentence, article.language, stems, size=STEM_HASH_BYTES)
        and summary_flaw(sentence, article.language) is None
    )
