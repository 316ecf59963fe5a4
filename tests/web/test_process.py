"""`digest preview` as its users start it: a process, real files, real seeds."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AT
from tests.environment import TOP, child_environment
from tests.waiting import GUARD, wait_until

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Preview:
    process: subprocess.Popen[str]
    url: str
    folder: Path

    def page(self, path: str, **headers: str) -> str:
        request = urllib.request.Request(self.url + path, headers=headers)
        with urllib.request.urlopen(request, timeout=GUARD) as answer:
            text: str = answer.read().decode()
            return text

    def until(self, path: str, wanted: Callable[[str], object]) -> str:
        """The page as soon as it is as wanted."""
        text = ""

        def happened() -> object:
            nonlocal text
            text = self.page(path)
            return wanted(text)

        wait_until(happened, alive=lambda: self.process.poll() is None)
        return text

    def post(self, path: str, **fields: str) -> str:
        token = re.findall(r'name="token" value="([^"]+)"', self.page("/nato/live/edit"))[0]
        body = urllib.parse.urlencode({"token": token, **fields}).encode()
        request = urllib.request.Request(self.url + path, body, {"Origin": self.url})
        with urllib.request.urlopen(request, timeout=GUARD) as answer:
            text: str = answer.read().decode()
            return text


def started(folder: Path, *options: str) -> Preview:
    env = child_environment(folder)
    command = [sys.executable, "-m", "digest", "preview", "--port", "0", "--at", AT, *options]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=env
    )
    assert process.stdout is not None
    return Preview(process, process.stdout.readline().strip().rstrip("/"), folder)


def ended(preview: Preview, by: int = signal.SIGTERM) -> int:
    preview.process.send_signal(by)
    preview.process.communicate(timeout=GUARD)
    return preview.process.returncode


@pytest.fixture
def preview(project: Path) -> Iterator[Preview]:
    running = started(project)
    yield running
    if running.process.poll() is None:
        ended(running)


@pytest.mark.parametrize(("sig", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_it_without_a_word_of_python(preview: Preview, sig: int, code: int) -> None:
    preview.process.send_signal(sig)
    _, err = preview.process.communicate(timeout=GUARD)
    assert preview.process.returncode == code
    assert "Traceback" not in err


def test_the_seeds_issue_is_shown_live(preview: Preview) -> None:
    page = preview.until("/nato/live/html", lambda text: "<iframe" in text)
    assert "4 stories from 5 articles" in page
    assert "NATO" in preview.page("/-/letter/nato/live")


def test_looking_makes_no_store(preview: Preview) -> None:
    for path in ("/nato/live/edit", "/nato/schedule", "/nato/sources"):
        preview.page(path)
    assert not (preview.folder / "digest.db").exists()


def test_a_broken_configuration_keeps_the_last_good_issue(preview: Preview) -> None:
    preview.until("/nato/live/html", lambda text: "<iframe" in text)
    config = preview.folder / "config.yaml"
    good = config.read_text("utf-8")
    config.write_text(good.replace("keywords:", "keyword:"), "utf-8")
    page = preview.until("/nato/live/html", lambda text: "did you mean" in text or "unknown key" in text)
    assert "<iframe" in page
    assert "Traceback" not in page
    config.write_text(good, "utf-8")
    preview.until("/nato/live/html", lambda text: "unknown key" not in text)


def test_a_broken_template_names_file_and_line(project: Path) -> None:
    own = project / "mine"
    own.mkdir()
    story = (TOP / "templates" / "default" / "story.html").read_text("utf-8")
    (own / "story.html").write_text(story, "utf-8")
    config = project / "config.yaml"
    config.write_text(
        config.read_text("utf-8").replace("    from:", "    style: {templates: mine}\n    from:"), "utf-8"
    )
    preview = started(project)
    preview.until("/nato/live/html", lambda text: "<iframe" in text)
    (own / "story.html").write_text(story + "{% if %}", "utf-8")
    page = preview.until("/nato/live/html", lambda text: "story.html:" in text)
    assert "<iframe" in page
    (own / "story.html").write_text(story + "<!-- mended -->", "utf-8")
    preview.until("/nato/live/html", lambda text: "story.html:" not in text)
    ended(preview)


def test_a_new_article_appears(preview: Preview) -> None:
    preview.until("/nato/live/html", lambda text: "from 5 articles" in text)
    text = "Tehran answers\n\n" + "Missile strikes hit two bases near Tehran on Sunday, officials said. " * 5
    (preview.folder / "seeds" / "zz.txt").write_text(text, "utf-8")
    preview.until("/nato/live/html", lambda text: "from 6 articles" in text)


def test_edits_change_the_issue_and_survive_a_new_start(preview: Preview) -> None:
    preview.until("/nato/live/html", lambda text: "<iframe" in text)
    story = re.findall(r'name="story" value="([^"]+)"', preview.page("/nato/live/edit"))
    preview.post("/-/edit/nato", verb="drop", story=story[0])
    assert "3 stories from 5 articles" in preview.page("/nato/live/html")
    last = story[-1]
    preview.post("/-/edit/nato", verb="retitle", story=last, value="A headline of the editor")
    preview.post("/-/edit/nato", verb="pin", story=last)
    assert "<h1>A headline of the editor" in preview.page("/nato/live/html")
    ended(preview)
    again = started(preview.folder)
    again.until("/nato/live/html", lambda text: "<h1>A headline of the editor" in text)
    again.post("/-/edit/nato", verb="drop", story=story[0], undo="yes")
    assert "4 stories from 5 articles" in again.page("/nato/live/html")
    ended(again)


def test_a_test_copy_lands_in_the_folder_and_publishes_nothing(preview: Preview) -> None:
    preview.until("/nato/live/html", lambda text: "<iframe" in text)
    answer = preview.post("/-/send/nato/live", address="me@example.org")
    assert "One copy went to me@example.org" in answer
    (letter,) = (preview.folder / "outbox").rglob("*.eml")
    assert b"To: me@example.org" in letter.read_bytes()
    assert not (preview.folder / "digest.db").exists()


def test_a_held_issue_leaves_when_an_editor_approves_it(preview: Preview, digest: Any) -> None:
    preview.until("/nato/live/html", lambda text: "<iframe" in text)
    assert "Let them leave by themselves" in preview.post("/-/rule/nato", verdict="hold")
    digest("send", "--at", AT, cwd=preview.folder)
    assert not list((preview.folder / "outbox").rglob("*.eml"))
    page = preview.page("/nato/schedule")
    assert '<span class="state held">held</span>' in page
    number = re.findall(r'name="issue" value="(\d+)"', page)[0]
    assert "approved by the preview" in preview.post("/-/rule/nato", verdict="approve", issue=number)
    assert digest("send", "--at", AT, cwd=preview.folder).returncode == 0
    assert len(list((preview.folder / "outbox").rglob("*.eml"))) == 1


def test_what_is_sent_has_the_edits_in_it(preview: Preview, digest: Any) -> None:
    preview.until("/nato/live/html", lambda text: "<iframe" in text)
    story = re.findall(r'name="story" value="([^"]+)"', preview.page("/nato/live/edit"))[-1]
    preview.post("/-/edit/nato", verb="retitle", story=story, value="A headline of the editor")
    digest("send", "--at", AT, cwd=preview.folder)
    (saved,) = (preview.folder / "issues" / "nato").glob("*/issue.txt")
    assert "A headline of the editor" in saved.read_text("utf-8")
    assert "A headline of the editor" in preview.page(f"/nato/{saved.parent.name}/explain")


def test_a_foreign_host_gets_400(preview: Preview) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        preview.page("/nato/live/html", Host="evil.example")
    assert caught.value.code == 400
    caught.value.close()


def test_two_previews_at_once_each_have_their_port(preview: Preview) -> None:
    other = started(preview.folder)
    assert other.url != preview.url
    other.until("/nato/live/html", lambda text: "<iframe" in text)
    ended(other)


def test_a_port_in_use_is_one_line(preview: Preview, digest: Any) -> None:
    port = preview.url.rpartition(":")[2]
    done = digest("preview", "--port", port, cwd=preview.folder)
    assert done.returncode == 1
    assert re.fullmatch(rf"digest: port {port} is in use.*\n", done.stderr)


@pytest.mark.parametrize("options", [("--host", "0.0.0.0"), ("--host", "0.0.0.0", "--allow-remote", "desk.example")])
def test_others_are_let_in_only_with_a_name_and_a_password(
    project: Path, digest: Any, options: tuple[str, ...]
) -> None:
    done = digest("preview", "--port", "0", *options, cwd=project)
    assert done.returncode == 2
    assert "--allow-remote" in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_a_configuration_the_page_says_so(tmp_path: Path) -> None:
    preview = started(tmp_path)
    assert "no such file" in preview.page("/")
    assert ended(preview) == 143


@pytest.mark.browser
def test_in_the_browser_an_edit_shows_everywhere_at_once(preview: Preview, page: Any) -> None:
    preview.until("/nato/live/html", lambda text: "<iframe" in text)
    other = page.context.new_page()
    other.goto(f"{preview.url}/nato/live/html", wait_until="load")
    other.locator("#pulse", has_text="Live").wait_for()
    page.goto(f"{preview.url}/nato/live/edit", wait_until="load")
    story = page.locator(".stories > li").last
    story.locator("summary").click()
    story.get_by_label("Headline").fill("A headline of the editor")
    story.get_by_role("button", name="Retitle").click()
    page.locator(".decided li", has_text="Retitled").wait_for()
    other.frame_locator("iframe.letter").get_by_text("A headline of the editor").first.wait_for()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url("**/live/edit")
    assert page.locator(".decided li").count() == 0
    other.frame_locator("iframe.letter").get_by_text("A headline of the editor").first.wait_for(state="detached")


@pytest.mark.browser
def test_in_the_browser_a_saved_template_is_seen_and_a_sentence_leads_to_its_article(project: Path, page: Any) -> None:
    own = project / "mine"
    own.mkdir()
    footer = (TOP / "templates" / "default" / "end.html").read_text("utf-8")
    (own / "end.html").write_text(footer, "utf-8")
    config = project / "config.yaml"
    config.write_text(
        config.read_text("utf-8").replace("    from:", "    style: {templates: mine}\n    from:", 1), "utf-8"
    )
    preview = started(project)
    preview.until("/nato/live/html", lambda text: "<iframe" in text)
    page.goto(f"{preview.url}/nato/live/html", wait_until="load")
    page.locator("#pulse", has_text="Live").wait_for()
    (own / "end.html").write_text(footer.replace("</td>", " Seen at once.</td>", 1), "utf-8")
    page.frame_locator("iframe.letter").get_by_text("Seen at once.").wait_for()
    page.get_by_role("link", name="Explain").click()
    line = page.locator(".entry .line").first
    text = line.inner_text()
    line.click()
    assert page.locator("mark.here").inner_text() == text
    assert page.said == []
    ended(preview)
