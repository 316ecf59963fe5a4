"""From an issue to the values of a page: proofs first, then cleaning, wording and links."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.errors import VerbatimError
from digest.model import OTHER_NAME, Form
from digest.stages.render.autolink import label_text, quotation_text
from digest.stages.render.coverage import coverage_strip
from digest.stages.render.credits import MAX_NAME_CHARACTERS, day_of, source_name
from digest.stages.render.sanitise import cut_text, host_of, is_misleading_link, safe_link
from digest.stages.render.view import CreditView, IssueView, QuoteView, StoryView, ThemeView
from digest.text.language import RIGHT_TO_LEFT_LANGUAGES, text_direction
from digest.text.publishers import publisher_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.model import Article, Brief, Issue, Sentence, TopLine
    from digest.stages.render.strings import Strings
    from digest.stages.render.style import Style

MAX_TITLE_CHARACTERS = 200
MAX_SUBJECT_CHARACTERS = 78
MAX_CREDITS = 4  # other sources that are named
MAX_CARD_CHARACTERS = 1600  # characters of quotations in a card; sentences are never cut, so the last ones go
RIGHT_TO_LEFT_LETTER = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
PREHEADER_PADDING = "͏‌\xa0" * 40
PREHEADER_CHARACTERS = (30, 140)  # characters that fit the inbox line


def prove_issue(issue: Issue) -> None:
    """Raise VerbatimError unless every sentence of the issue stands in an article of the issue."""
    articles = articles_of(issue)
    for sentence in issue_sentences(issue):
        if sentence.article not in articles:
            raise VerbatimError(f"{sentence.article}: quoted, but not in the issue")
        sentence.prove_verbatim(articles[sentence.article])


def issue_sentences(issue: Issue) -> list[Sentence]:
    """Every quotation of an issue, in reading order."""
    quoted: list[Sentence] = []
    for section in issue.sections:
        quoted += section.brief
        for brief in section.briefs:
            quoted += brief.sentences
    return quoted


def unused_mark(themes: tuple[ThemeView, ...], around: IssueView) -> str:
    """A word for the reader's token that nothing on the page holds, so that nothing else is replaced by it."""
    said = "\n".join(text for text in _view_texts(themes, around) if text)
    number = 0
    while (mark := f"{number}reader{number}token{number}") in said:
        number += 1
    return mark


def _view_texts(themes: tuple[ThemeView, ...], around: IssueView) -> Iterator[str | None]:
    yield from (around.subject, around.preheader, around.title, around.tagline, around.logo, *around.footer)
    for quote in (*around.top, *(quote for block in themes for quote in block.brief)):
        yield from (quote.text, quote.source, quote.url)
    for block in themes:
        yield block.name
        for card in (*block.cards, *block.shorts):
            yield from (card.title, card.url, card.source, *card.sentences, *card.details)
            for credit in card.also:
                yield from (credit.name, credit.url)


def articles_of(issue: Issue) -> dict[str, Article]:
    """Every article of the issue by its key."""
    return {article.key: article for brief in issue.briefs for article in brief.story.articles}


def theme_views(issue: Issue, say: Strings) -> tuple[ThemeView, ...]:
    """Every theme with all of its cards."""
    zone = ZoneInfo(issue.timezone)
    articles = articles_of(issue)
    return tuple(
        ThemeView(
            id=f"t{number}",
            name=cut_text(label_text(say.theme(section, alone=len(issue.sections) == 1)), MAX_NAME_CHARACTERS),
            brief=_quote_views(section.brief, articles),
            cards=tuple(_story_view(brief, zone, say) for brief in section.briefs if brief.form is not Form.LINE),
            shorts=tuple(_story_view(brief, zone, say) for brief in section.briefs if brief.form is Form.LINE),
        )
        for number, section in enumerate(issue.sections, 1)
    )


def view_with_themes(around: IssueView, themes: tuple[ThemeView, ...], stories: int) -> IssueView:
    """The page with these of its themes; `stories` is how many the issue has."""
    printed = sum(len(theme.cards) + len(theme.shorts) + theme.more for theme in themes)
    return replace(around, themes=themes, more=stories - printed)


def issue_view(issue: Issue, style: Style, say: Strings, number: int | None) -> IssueView:
    """The page but for its themes and its addresses of our own."""
    title = cut_text(label_text(style.title or issue.title), MAX_TITLE_CHARACTERS)
    subject = cut_text(label_text(issue.subject) or title, MAX_SUBJECT_CHARACTERS)
    subject = subject.capitalize() if subject.isupper() and len(subject) > 8 else subject  # filters hear shouting
    counts = issue.counts
    end = say.that_is_all(counts.stories, len(issue.sections), counts.minutes, available=counts.available)
    local = issue.at.astimezone(ZoneInfo(issue.timezone))
    numbered = (say.number.format(n=number),) if number is not None else ()
    return IssueView(
        language=issue.language,
        dir="rtl" if issue.language.split("-")[0] in RIGHT_TO_LEFT_LANGUAGES else "ltr",
        subject=subject,
        preheader=_padded_preheader(issue, end),
        padding=PREHEADER_PADDING,
        title=title,
        tagline=label_text(style.tagline) if style.tagline else None,
        meta=(*numbered, say.long_date(local)),
        minutes=counts.minutes,
        logo=style.logo,
        logo_width=style.logo_width,
        home=None,
        archive=None,
        unsubscribe="",
        preferences=None,
        top=tuple(_top_view(line, articles_of(issue)[line.article], say) for line in issue.top),
        themes=(),
        more=0,
        coverage=coverage_strip(issue, say),
        end=end,
        verbatim=say.verbatim,
        why=say.why.format(title=title),
        footer=tuple(quotation_text(line) or label_text(line) for line in (style.address, style.footer) if line),
    )


def _story_view(brief: Brief, zone: ZoneInfo, say: Strings) -> StoryView:
    article = brief.story.lead
    quoted = _fit_card([said for sentence in brief.sentences if (said := _credited_text(sentence, brief))])
    url = safe_link(article.url)
    title = cut_text(label_text(brief.title) or source_name(article), MAX_TITLE_CHARACTERS)
    return StoryView(
        title=f"{title} ({host_of(url)})" if is_misleading_link(title, url) else title,
        url=url,
        lang=article.language,
        dir=_text_direction(title),
        update=brief.story.update,
        sentences=quoted,
        source=source_name(article),
        details=_story_details(brief, zone, say),
        also=_also_told_by(brief, say),
    )


def _credited_text(sentence: Sentence, brief: Brief) -> str | None:
    """The sentence as it is printed: behind one of another article than the lead stands who wrote it."""
    text = quotation_text(sentence.text)
    if not text or sentence.article == brief.story.key:
        return text
    article = next(one for one in brief.story.articles if one.key == sentence.article)
    name = source_name(article)
    return text if name == source_name(brief.story.lead) else f"{text} ({name})"


def _also_told_by(brief: Brief, say: Strings) -> tuple[CreditView, ...]:
    """The other sources by name, independent ones first, each once; behind the first few only how many more."""
    lead = brief.story.lead
    others = [article for article in brief.placed.sources if article.key != lead.key]
    others += [other.article for other in brief.story.others if other.article not in others]
    named: dict[str, Article] = {}
    for article in others:
        named.setdefault(publisher_key(source_name(article)), article)
    if len(brief.story.others) > 1:
        named.pop(publisher_key(source_name(lead)), None)
    shown = list(named.values())[:MAX_CREDITS]
    told = tuple(_credit_view(article, lead) for article in shown)
    more = len(named) - len(shown)
    return (*told, CreditView(name=say.more_sources(more), url=None)) if more else told


def _story_details(brief: Brief, zone: ZoneInfo, say: Strings) -> tuple[str, ...]:
    article = brief.story.lead
    author = cut_text(label_text(article.byline), MAX_NAME_CHARACTERS) if article.byline else None
    author = None if author == source_name(article) else author
    published = day_of(article, zone)
    first_told = brief.story.first_told
    parts = (
        say.first_told.format(day=say.short_date(first_told.astimezone(zone))) if first_told else None,
        author,
        say.short_date(published) if published else None,
        say.minutes(brief.minutes),
        say.our_headline if brief.title_made else None,
        say.paywall if article.paywall else None,
        *(label_text(label) for label in article.labels),
    )
    return tuple(part for part in parts if part)


def _credit_view(article: Article, lead: Article | None = None) -> CreditView:
    name, url = source_name(article), safe_link(article.url)
    twice = lead is not None and url == safe_link(lead.url)
    return CreditView(name=name, url=None if twice or is_misleading_link(name, url) else url)


def _top_view(line: TopLine, article: Article, say: Strings) -> QuoteView:
    """A line of the contents: the headline, then its theme and how many independent sources tell it."""
    # "Other" is worth no word in the contents
    theme = "" if line.theme == OTHER_NAME else cut_text(label_text(line.theme), MAX_NAME_CHARACTERS)
    told = [part for part in (theme, say.sources(line.sources) if line.sources > 1 else "") if part]
    title = cut_text(label_text(line.text) or source_name(article), MAX_TITLE_CHARACTERS)
    return QuoteView(text=title, lang=article.language, dir=_text_direction(title), source=" · ".join(told), url=None)


def _quote_views(quoted: tuple[Sentence, ...], articles: dict[str, Article]) -> tuple[QuoteView, ...]:
    return tuple(
        QuoteView(
            text=said,
            lang=articles[sentence.article].language,
            dir=_text_direction(said),
            source=credit.name,
            url=credit.url,
        )
        for sentence in quoted
        if len(sentence.text) <= MAX_CARD_CHARACTERS and (said := quotation_text(sentence.text))
        for credit in (_credit_view(articles[sentence.article]),)
    )


def _fit_card(quoted: list[str]) -> tuple[str, ...]:
    """The first sentences that a card has room for."""
    characters_left = MAX_CARD_CHARACTERS
    kept = []
    for text in quoted:
        characters_left -= len(text)
        if characters_left < 0:
            break
        kept.append(text)
    return tuple(kept)


def _padded_preheader(issue: Issue, end: str) -> str:
    shortest, longest = PREHEADER_CHARACTERS
    text = label_text(issue.preheader)
    if len(text) < shortest:
        text = f"{text} · {end}" if text else end
    return cut_text(text, longest)


def _text_direction(text: str) -> str:
    """`auto` judges by the first strong letter, so a quotation that opens with a foreign name needs to be told."""
    return "rtl" if RIGHT_TO_LEFT_LETTER.search(text) and text_direction(text) == "rtl" else "auto"
