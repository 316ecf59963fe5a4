"""Templates of one's own: parts that replace, errors that name file and line, a daemon that goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.errors import TemplateError
from digest.stages.render import Style, eject_parts, load_renderer, stray_files, template_names
from tests.issues import envelope, plain

if TYPE_CHECKING:
    from pathlib import Path


def own(folder: Path, **parts: str) -> Style:
    for name, text in parts.items():
        stem, _, suffix = name.rpartition("_")
        (folder / f"{stem}.{suffix}").write_text(text, "utf-8")
    return Style(templates=folder)


def test_a_single_part_of_ones_own_replaces_the_packaged_one(tmp_path: Path) -> None:
    style = own(tmp_path, footer_html='<tr><td class="outside"><a href="{{ page.unsubscribe }}">Leave</a></td></tr>\n')
    letter = load_renderer(style, envelope=envelope()).render(plain())
    assert ">Leave</a>" in letter.html
    assert "You get this because" not in letter.html
    assert "Council votes" in letter.html


def test_a_part_of_ones_own_is_inlined_as_well(tmp_path: Path) -> None:
    style = own(tmp_path, end_html='<tr><td class="box end"><p class="said">Fin</p></td></tr>\n')
    assert 'style="margin:8px 0 0; color:#1b1f24">Fin' in load_renderer(style, envelope=envelope()).render(plain()).html


def test_both_built_in_templates_print_every_story() -> None:
    assert template_names() == ["compact", "default"]
    for name in template_names():
        letter = load_renderer(Style(template=name), envelope=envelope()).render(plain(7))
        assert letter.html.count("<h3") == 7


def test_compact_prints_links_and_no_sentence() -> None:
    letter = load_renderer(Style(template="compact"), envelope=envelope()).render(plain(3))
    assert "The harbour council voted" not in letter.html + letter.text


def test_a_misspelt_name_is_told_with_file_and_line(tmp_path: Path) -> None:
    style = own(tmp_path, end_html='<tr>\n<td class="box end">\n{{ page.ending }}\n</td></tr>\n')
    with pytest.raises(TemplateError, match=r"end\.html:3: .*ending"):
        load_renderer(style, envelope=envelope())


def test_an_undefined_variable_is_told_with_file_and_line(tmp_path: Path) -> None:
    style = own(tmp_path, story_txt="{{ card.title }}\n{{ crad.source }}\n")
    with pytest.raises(TemplateError, match=r"story\.txt:2: 'crad' is undefined"):
        load_renderer(style, envelope=envelope())


def test_a_broken_tag_is_told_with_file_and_line(tmp_path: Path) -> None:
    style = own(tmp_path, end_html="<tr>\n{% if page.more %}\n</tr>\n")
    with pytest.raises(TemplateError, match=r"end\.html:\d: .*endif"):
        load_renderer(style, envelope=envelope())


def test_an_unknown_filter_is_told_with_file_and_line(tmp_path: Path) -> None:
    style = own(tmp_path, end_html="<tr>\n<td>{{ page.end | shout }}</td></tr>\n")
    with pytest.raises(TemplateError, match=r"end\.html:2: .*shout"):
        load_renderer(style, envelope=envelope())


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    style = own(tmp_path, end_html='{% include "colophon.html" %}\n')
    with pytest.raises(TemplateError, match="colophon"):
        load_renderer(style, envelope=envelope())


def test_parts_that_include_each_other_are_refused(tmp_path: Path) -> None:
    style = own(tmp_path, end_html='{% include "end.html" %}\n')
    with pytest.raises(TemplateError, match="include each other"):
        load_renderer(style, envelope=envelope())


def test_a_template_that_drops_the_stories_is_refused(tmp_path: Path) -> None:
    style = own(tmp_path, story_html="<tr><td>nothing</td></tr>\n")
    with pytest.raises(TemplateError, match="no title"):
        load_renderer(style, envelope=envelope())


def test_a_template_cannot_reach_behind_its_values(tmp_path: Path) -> None:
    style = own(tmp_path, end_html="<tr><td>{{ page.__class__.__mro__ }}</td></tr>\n")
    with pytest.raises(TemplateError, match="unsafe"):
        load_renderer(style, envelope=envelope())


def test_an_endless_template_is_stopped(tmp_path: Path) -> None:
    loop = "{% for a in range(9999) %}{% for b in range(9999) %}ten letters{% endfor %}{% endfor %}"
    style = own(tmp_path, end_html=f"<tr><td>{loop}</td></tr>\n")
    with pytest.raises(TemplateError, match="more than"):
        load_renderer(style, envelope=envelope())


def test_an_unknown_template_is_told_with_the_known_ones() -> None:
    with pytest.raises(TemplateError, match="compact, default"):
        load_renderer(Style(template="fancy"), envelope=envelope())


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="no such folder"):
        load_renderer(Style(templates=tmp_path / "nowhere"), envelope=envelope())


def test_ejected_parts_print_the_same_issue(tmp_path: Path) -> None:
    written = eject_parts("compact", tmp_path)
    assert tmp_path / "story.html" in written
    ejected = load_renderer(Style(templates=tmp_path), envelope=envelope()).render(plain())
    packaged = load_renderer(Style(template="compact"), envelope=envelope()).render(plain())
    assert (ejected.html, ejected.text) == (packaged.html, packaged.text)


def test_eject_never_overwrites(tmp_path: Path) -> None:
    assert eject_parts("default", tmp_path, ["footer.html"]) == [tmp_path / "footer.html"]
    with pytest.raises(TemplateError, match="is there already"):
        eject_parts("default", tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_part_that_nothing_includes_is_found_with_its_likely_name(tmp_path: Path) -> None:
    own(tmp_path, stroy_html="x", footer_html="y")
    assert stray_files("default", tmp_path) == [(tmp_path / "stroy.html", "story.html")]
