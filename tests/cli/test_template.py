"""`digest template`: list, eject, check."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Run


def with_templates(project: Path) -> None:
    config = (project / "config.yaml").read_text("utf-8")
    own = config.replace("    language: en\n", "    language: en\n    style: {templates: templates}\n")
    (project / "config.yaml").write_text(own, "utf-8")


def test_the_built_in_templates_are_named_with_their_parts(digest: Run) -> None:
    listed = json.loads(digest("template", "list", "--json").stdout)
    assert sorted(listed) == ["compact", "default"]
    assert {"issue.html", "issue.txt", "story.html", "dark.css"} <= set(listed["compact"])


def test_a_part_is_copied_once_and_never_over_another(digest: Run, project: Path) -> None:
    assert digest("template", "eject", "footer.html", cwd=project).stdout == "templates/footer.html\n"
    again = digest("template", "eject", "footer.html", cwd=project)
    assert again.returncode == 3
    assert "is there already" in again.stderr


def test_the_projects_template_passes(digest: Run, project: Path) -> None:
    done = digest("template", "check", cwd=project)
    assert done.returncode == 0, done.stdout
    assert "0 errors, 0 warnings" in done.stderr


def test_a_template_with_an_error_is_told_in_one_line_with_its_place(digest: Run, project: Path) -> None:
    digest("template", "eject", "end.html", cwd=project)
    with_templates(project)
    (project / "templates" / "end.html").write_text("<tr>\n<td>{{ page.ending }}</td>\n</tr>\n")
    for command in (("template", "check"), ("build", "--at", "2026-11-23T07:00")):
        done = digest(*command, cwd=project)
        assert done.returncode == 3
        assert done.stderr.count("\n") == 1
        assert "templates/end.html:2: " in done.stderr
        assert "ending" in done.stderr


def test_a_template_that_the_gate_refuses_is_told(digest: Run, project: Path) -> None:
    digest("template", "eject", "footer.html", cwd=project)
    with_templates(project)
    (project / "templates" / "footer.html").write_text("<tr><td>Bye</td></tr>\n")
    (project / "templates" / "fotter.txt").write_text("x")
    done = digest("template", "check", "--json", cwd=project)
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert any(line["code"] == "unsubscribe" and line["level"] == "error" for line in found)
    assert any("did you mean footer.txt?" in line["message"] for line in found)
