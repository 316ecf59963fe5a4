"""Dedupe: articles that tell the same text become one story, credited to its origin.

Method (docs/themes.md has the figures): containment of hashed runs of four words, furniture of the site
taken out, star clusters (a text joins the longest text that holds most of it, never a follower), then the
canonical text leads. Round-ups that quote several articles lead nothing but other round-ups.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from digest.model import Article, RelatedArticle, Relation, Story
from digest.stages.dedupe.shingles import SHINGLE_WORDS, Overlaps, alphanumeric_words, count_overlaps, shingle_hashes
from digest.text.dates import moment_in_utc

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_SAME_CONTAINMENT = (
    0.45  # containment from which two texts are one; agency paragraphs inside another article stay below
)
MAX_EXCERPT_SHARE = 0.6  # a follower with less than this share of the lead's runs is an excerpt, not a copy
MIN_EXCERPT_CONTAINMENT = 0.65  # and at least this much of it is in the lead
MIN_WHOLE_SHARE = 0.5  # a text of less than this share of the longest is not the whole article
MIN_COPY_CONTAINMENT = 0.9  # two whole texts that share less than this are revisions of each other
MIN_COPY_WORD_SHARE = 0.95  # and less than this of their words: the same sentences in another order are no revision
MIN_SAME_TITLE_SHARE = 0.5  # share of title words from which two titles are the same
OPENING_WORDS = 25  # words that make the opening of a text
HOST_NAME = re.compile(r"[\w.-]+")
CREDIT_START = re.compile(
    r"\W*(?:source|via|courtesy|originally|first published|this (?:article|story)|read (?:more|the)|"
    r"quelle|zuerst|fuente|publicado|fonte|source originale|bron|d'après)\b",
    re.IGNORECASE,
)
MAX_CREDIT_CHARACTERS = 200  # characters; a longer line is prose
NO_DATE = datetime.max.replace(tzinfo=UTC)  # stands for "no date" where the earliest wins


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMatch:
    """What one article is: a lead, or a follower of the lead at position `lead`."""

    lead: int
    relation: Relation
    overlap: float  # share of the shorter text found in the lead, 0..1


def dedupe(articles: Sequence[Article], *, prefer: Sequence[str] = ()) -> list[Story]:
    """Gather articles into stories, in the order of each story's first article.

    `prefer` names publishers whose text should lead where origin, completeness and date do not decide.
    """
    stories: dict[int, list[int]] = {}
    verdicts = match_articles(articles, prefer=prefer)
    for position, verdict in enumerate(verdicts):
        stories.setdefault(verdict.lead, []).append(position)
    return [_build_story(articles, verdicts, lead, members) for lead, members in stories.items()]


def match_articles(articles: Sequence[Article], *, prefer: Sequence[str] = ()) -> list[StoryMatch]:
    """Say of every article which one leads its story, and how it relates to it."""
    hosts = [_article_host(article) or article.source for article in articles]
    titles = [(article.title or f"\n{number}").casefold() for number, article in enumerate(articles)]
    shared = count_overlaps(map(_title_and_text, articles), hosts, titles)
    stars = _star_centres(shared, _find_round_ups(shared, articles, titles))
    groups: dict[int, list[int]] = {}
    for position, twin in enumerate(shared.same):
        groups.setdefault(stars[twin], []).append(position)
    verdicts: dict[int, StoryMatch] = {}
    for members in groups.values():
        lead = _choose_lead(articles, members, [shared.words[member] for member in members], prefer)
        verdicts |= {member: _match_to_lead(articles, shared, member, lead) for member in members}
    return [verdicts[position] for position in range(len(articles))]


def _title_and_text(article: Article) -> str:
    return f"{article.title or ''}\n{article.text}"


def _star_centres(shared: Overlaps, collections: frozenset[int]) -> dict[int, int]:
    """The star's centre of each text: from long to short, each joins the centre that holds most of it."""
    near: dict[int, list[tuple[float, int]]] = {}
    for one, other in shared.common:
        held = shared.containment(one, other)
        if held >= MIN_SAME_CONTAINMENT and (one in collections) == (other in collections):
            near.setdefault(one, []).append((held, other))
            near.setdefault(other, []).append((held, one))
    centre: dict[int, int] = {}
    for position in sorted(set(shared.same), key=lambda i: (-shared.words[i], i)):
        leads = [(held, -other) for held, other in near.get(position, ()) if centre.get(other) == other]
        centre[position] = -max(leads)[1] if leads else position
    return centre


def _find_round_ups(shared: Overlaps, articles: Sequence[Article], titles: Sequence[str]) -> frozenset[int]:
    """Texts of which unrelated, otherwise titled articles each cover a part: round-ups."""
    parts: dict[int, list[tuple[int, int]]] = {}
    for (one, other), common in shared.common.items():
        for whole, part in ((one, other), (other, one)):
            if common < MIN_SAME_CONTAINMENT * shared.sizes[whole]:
                parts.setdefault(whole, []).append((-common, part))
    found = set()
    for whole, pieces in parts.items():
        foreign = sorted((less, part) for less, part in pieces if not _share_most_words(titles[whole], titles[part]))
        enough = len(foreign) > 1 and -2 * sum(less for less, _ in foreign) >= shared.sizes[whole]
        if enough and _is_round_up(articles[whole], [part for _, part in foreign], shared, articles):
            found.add(whole)
    return frozenset(found)


def _is_round_up(whole: Article, parts: Sequence[int], shared: Overlaps, articles: Sequence[Article]) -> bool:
    import numpy as np

    own, chosen = shingle_hashes(_title_and_text(whole)), list[int]()
    left = own
    for part in parts:
        new = np.intersect1d(left, shingle_hashes(_title_and_text(articles[part])))
        if len(new) >= SHINGLE_WORDS and all(
            shared.containment(part, other) < MIN_SAME_CONTAINMENT for other in chosen
        ):
            chosen.append(part)
            left = np.setdiff1d(left, new)
    return len(chosen) > 1 and len(left) * 2 <= len(own)


def _choose_lead(
    articles: Sequence[Article], members: Sequence[int], words: Sequence[int], prefer: Sequence[str]
) -> int:
    """Who leads: the origin that others name, a whole text, the earliest, a preferred publisher, the longest."""
    if len(members) == 1:
        return members[0]
    votes = _count_origin_votes([articles[member] for member in members])
    longest = max(words)

    def lead_rank(number: int) -> tuple[object, ...]:
        article = articles[members[number]]
        part = article.truncated or words[number] < MIN_WHOLE_SHARE * longest
        published = moment_in_utc(article.published, UTC) if article.published else NO_DATE
        rank = prefer.index(article.publisher) if article.publisher in prefer else len(prefer)
        return (-votes[number], part, published, rank, -words[number], number)

    return members[min(range(len(members)), key=lead_rank)]


def _count_origin_votes(articles: Sequence[Article]) -> list[int]:
    """How many of the others name each article as the origin: by a link to its site, or its publisher in a credit."""
    publishers = dict.fromkeys((article.publisher or "").casefold() for article in articles)
    hosts, credited = Counter[str](), Counter[str]()
    for article in articles:
        hosts.update(_linked_hosts(article) - {_article_host(article)})
        own = (article.publisher or "").casefold()
        lines = [
            line.casefold()
            for line in _edge_lines(article)
            if len(line) <= MAX_CREDIT_CHARACTERS and CREDIT_START.match(line)
        ]
        credited.update(name for name in publishers if name and name != own and any(name in line for line in lines))
    return [hosts[_article_host(article)] + credited[(article.publisher or "").casefold()] for article in articles]


def _linked_hosts(article: Article) -> frozenset[str]:
    """The host names that stand in the text, the byline and the dropped lines."""
    pieces = (*article.paragraphs, article.byline or "", *(piece.text for piece in article.dropped))
    return frozenset(
        _without_www(name.strip(".-"))
        for piece in pieces
        if "." in piece
        for name in HOST_NAME.findall(piece.lower())
        if "." in name
    )


def _edge_lines(article: Article) -> tuple[str, ...]:
    dropped = tuple(line for piece in article.dropped for line in piece.text.splitlines())
    return (*article.paragraphs[:3], *article.paragraphs[-3:], article.byline or "", *dropped)


def _match_to_lead(articles: Sequence[Article], shared: Overlaps, member: int, lead: int) -> StoryMatch:
    if member == lead:
        return StoryMatch(lead=lead, relation=Relation.LEAD, overlap=1.0)
    held = shared.containment(member, lead)
    share = max(1, shared.sizes[member]) / max(1, shared.sizes[lead])
    relation = _relation_to_lead(articles[member], articles[lead], held, share)
    return StoryMatch(lead=lead, relation=relation, overlap=round(held, 4))


def _relation_to_lead(member: Article, lead: Article, held: float, share: float) -> Relation:
    if share < MAX_EXCERPT_SHARE and held >= MIN_EXCERPT_CONTAINMENT:
        return Relation.EXCERPT
    return (
        Relation.UPDATE
        if MAX_EXCERPT_SHARE <= share <= 1 / MAX_EXCERPT_SHARE and _is_revised(member, lead, held)
        else Relation.COPY
    )


def _is_revised(member: Article, lead: Article, held: float) -> bool:
    """Whether two texts of one length differ in wording, and in title or opening too."""
    if held >= MIN_COPY_CONTAINMENT or (
        _share_most_words(member.title or "", lead.title or "")
        and _share_most_words(_opening_text(member), _opening_text(lead))
    ):
        return False
    first, second = Counter(alphanumeric_words(member.text)), Counter(alphanumeric_words(lead.text))
    return (first & second).total() < MIN_COPY_WORD_SHARE * min(first.total(), second.total())


def _opening_text(article: Article) -> str:
    return " ".join(article.text[:1000].split()[:OPENING_WORDS])


def _share_most_words(one: str, other: str) -> bool:
    """Whether two titles or openings share most of their words; a missing one is like any."""
    first, second = set(alphanumeric_words(one)), set(alphanumeric_words(other))
    return len(first & second) >= MIN_SAME_TITLE_SHARE * min(len(first), len(second))


def _build_story(
    articles: Sequence[Article], verdicts: Sequence[StoryMatch], lead: int, members: Sequence[int]
) -> Story:
    others = tuple(
        RelatedArticle(article=articles[member], relation=verdicts[member].relation, overlap=verdicts[member].overlap)
        for member in members
        if member != lead
    )
    return Story(lead=_complete_lead(articles[lead], others), others=others)


def _complete_lead(lead: Article, others: Sequence[RelatedArticle]) -> Article:
    """The lead with what it lacks: byline and earliest date of any follower, address and publisher of a copy."""
    if not lead.byline:
        lead = replace(lead, byline=next((other.article.byline for other in others if other.article.byline), None))
    dates = [other.article.published for other in others if other.article.published]
    if not lead.published and dates:
        lead = replace(lead, published=min(dates, key=lambda date: moment_in_utc(date, UTC)))
    copies = (other.article for other in others if other.relation is Relation.COPY and other.article.url)
    copy = next(copies, None)
    if not lead.url and not lead.publisher and copy:
        lead = replace(lead, url=copy.url, publisher=copy.publisher)
    return lead


def _article_host(article: Article) -> str:
    try:
        return _without_www(urlsplit(article.url or "").hostname or "")
    except ValueError:  # a broken address names no host
        return ""


def _without_www(host: str) -> str:
    return host.removeprefix("www.")
