"""One article never vetoes the issue: through press, from hostile texts to the files of an issue."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from digest import pipeline
from digest.archive import write
from digest.cli.check import command
from digest.config import Edition, load
from digest.errors import CheckError
from digest.model import Article, Letter
from digest.pipeline import BuiltIssue, CollectedArticles
from digest.stages.collect import CollectedDocuments, FetchContext
from tests.issues import article

AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
CONFIG = """
editions:
  harbour:
    title: The Harbour Digest
    timezone: Europe/Brussels
    sources: [{name: seeds, type: files, path: "seeds/*.txt"}]
    from: "Harbour digest <digest@example.org>"
    subscribers: [editor@example.org]
    deliver: [{type: folder, path: outbox}]
store: sqlite:///digest.db
"""
PLAIN = (
    article(1, key="harmless-1", title="Council votes to rebuild the breakwater"),
    article(
        2,
        key="harmless-2",
        title="Night trains return to the coast line",
        paragraphs=(
            "Night trains are to return to the coast line in March after nine years, the railway said on Monday.",
            "Tickets start at 39 euros and go on sale before Christmas at every station of the line.",
        ),
    ),
)
NASTY = (
    "How Vue renders {{ message }}",
    "Why ${name} is empty, and %%name%% too",
    "Dear *|FNAME|*, a letter by None",
    "{{7*7}} {% raw %}",
    "Residents can read the plan at https://example.org/plan from Monday",
    "HTTPS://Example.org/Plan, said {{ x https://example.org/a?b=1&c=2 }} y",
    "The word \ufffd was lost, and the caf\u00c3\u00a9 closed",
    "A <b>bold</b> &amp; escaped &lt;p&gt; word, [object Object], <built-in>",
    "None", "null", "None min", "0reader0token0", "qzx00001z", "{", "%7B%7B", "=?utf-8?q?=0D=0AX?=",
    "exa\u200bmple.com", "\u202eevil", "المجلس", "unsubscribe", "#{", "{# note #}", "<%= x %>", "ß", "…",
)  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=30), st.just("word " * 12)), min_size=1, max_size=6)
SAID = st.one_of(st.sampled_from((*NASTY, "\u034f", "\x00")), TEXTS.map(" ".join), TEXTS.map("".join))


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    folder = tmp_path_factory.mktemp("press")
    (folder / "config.yaml").write_text(CONFIG)
    return load(folder / "config.yaml").editions["harbour"]


def collection(*articles: Article) -> CollectedArticles:
    return CollectedArticles(
        collected=CollectedDocuments(raws=(), problems=(), sources=()), articles=articles, problems=()
    )


def pressed_of(edition: Edition, *articles: Article) -> BuiltIssue:
    return pipeline.build_issue(edition, collection(*articles), slot="2026-11-20", at=AT)


def keys(built: BuiltIssue) -> set[str]:
    return {printed.key for brief in built.issue.briefs for printed in brief.story.articles}


@pytest.mark.parametrize("text", NASTY)
def test_an_ordinary_article_about_templates_or_addresses_is_printed(edition: Edition, text: str) -> None:
    told = article(3, title=text, byline=text, publisher=text, paragraphs=(f"{text} was in the news on Monday.", text))
    built = pressed_of(edition, told, *PLAIN)
    assert write.issue_files(built, edition)["issue.html"]
    assert [(p.subject, p.message) for p in built.issue.problems] == []
    assert keys(built) == {told.key, "harmless-1", "harmless-2"}


@settings(max_examples=60)
@given(
    title=SAID,
    byline=SAID,
    publisher=st.none() | SAID,
    said=st.lists(SAID, min_size=1, max_size=4),
    url=st.none() | SAID,
)
def test_no_text_stops_the_issue_or_takes_a_harmless_story_with_it(
    edition: Edition, title: str, byline: str, publisher: str | None, said: list[str], url: str | None
) -> None:
    address = url and f"https://news.example.com/{url}"
    told = article(3, title=title, byline=byline, publisher=publisher, paragraphs=tuple(said), url=address)
    built = pressed_of(edition, told, *PLAIN)
    files = write.issue_files(built, edition)
    assert {"harmless-1", "harmless-2"} <= keys(built)
    page = " ".join(re.sub(r"\s+", " ", files["issue.txt"].decode()).split())
    assert all(str(harmless.title) in page for harmless in PLAIN)


@settings(max_examples=25)
@given(title=SAID, said=SAID)
def test_no_file_stops_the_issue(edition: Edition, title: str, said: str) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "seeds").mkdir()
        (folder / "config.yaml").write_text(CONFIG)
        nasty = f"{title}\n\n{said} was in the news on Monday, the harbour master said after the meeting.\n"
        (folder / "seeds" / "nasty.txt").write_text(nasty, "utf-8", "replace")
        for number, harmless in enumerate(PLAIN):
            (folder / "seeds" / f"harmless-{number}.txt").write_text(
                f"{harmless.title}\n\n" + "\n\n".join(harmless.paragraphs)
            )
        read = load(folder / "config.yaml").editions["harbour"]
        built = pipeline.build_issue(
            read, pipeline.collect_articles(read, visit=FetchContext(now=AT)), slot="2026-11-20", at=AT
        )
        write.issue_files(built, read)
        assert {"harmless-0.txt", "harmless-1.txt"} <= keys(built)


class Spoilt:
    """A renderer whose page leaves a mark wherever a word is printed."""

    def __init__(self, inner: object, word: str) -> None:
        self.inner, self.word = inner, word

    def render(self, issue: object, *, number: int | None = None) -> Letter:
        letter: Letter = self.inner.render(issue, number=number)  # type: ignore[attr-defined]
        return replace(letter, html=letter.html.replace(self.word, "{{ undone.here }}"))


def spoilt(edition: Edition, word: str) -> Edition:
    own = replace(edition)
    own.__dict__["renderer"] = Spoilt(edition.renderer, word)  # where the property keeps it
    return own


def test_a_story_that_trips_the_gate_is_left_out_and_told(edition: Edition) -> None:
    own = spoilt(edition, "quincunx")
    bad = article(3, key="bad", title="A quincunx", paragraphs=("The quincunx of trees was felled on Monday.",))
    built = pressed_of(own, PLAIN[0], bad, PLAIN[1])
    write.issue_files(built, own)
    assert keys(built) == {"harmless-1", "harmless-2"}
    assert [(problem.stage, problem.subject) for problem in built.issue.problems] == [("check", "bad")]
    assert "mark" in built.issue.problems[0].message


def test_an_error_of_the_template_still_stops_the_issue(edition: Edition) -> None:
    own = spoilt(edition, "</body>")
    built = pressed_of(own, *PLAIN)
    assert keys(built) == {"harmless-1", "harmless-2"}
    with pytest.raises(CheckError, match=r"undone\.here"):
        write.issue_files(built, own)


def test_a_saved_issue_passes_the_gate_that_it_passed_when_it_was_built(edition: Edition, tmp_path: Path) -> None:
    told = article(
        3, title=NASTY[0], byline=NASTY[2], paragraphs=tuple(f"{text} was in the news." for text in NASTY[:8])
    )
    built = pressed_of(edition, told, *PLAIN)
    folder = write.save_issue_files(write.issue_files(built, edition), tmp_path, built.issue.id)
    assert CliRunner().invoke(command, [str(folder)], standalone_mode=False).return_value == 0
    (folder / "issue.json").write_text("[" * 100_000)
    assert CliRunner().invoke(command, [str(folder)], standalone_mode=False).return_value == 1
