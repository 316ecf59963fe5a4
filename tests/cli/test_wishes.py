"""Readers' wishes and operators' alarms, through the command."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

from tests.conftest import AT, Run


def configured(project: Path, right: str, wrong: str) -> None:
    text = (project / "config.yaml").read_text("utf-8")
    assert right in text
    (project / "config.yaml").write_text(text.replace(right, wrong), encoding="utf-8")


def texts(project: Path) -> dict[str, str]:
    mails = [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in (project / "outbox").rglob("*.eml")
    ]
    return {str(mail["To"]): mail.get_body(("plain",)).get_content() for mail in mails}


def test_each_reader_gets_the_themes_and_the_labels_that_they_want(project: Path, digest: Run) -> None:
    (project / "readers.csv").write_text(
        "email,language,themes\nall@example.org,,\nde@example.org,de,\niran@example.org,,iran escalation\n"
        "none@example.org,,Gardening\n",
        encoding="utf-8",
    )
    configured(project, "[editor@example.org]", "readers.csv")
    assert digest("send", "--at", AT, cwd=project).returncode == 0
    got = texts(project)
    assert sorted(got) == ["all@example.org", "de@example.org", "iran@example.org"]
    assert "IRAQ TRAINING MISSION" in got["all@example.org"]
    assert "IRAQ TRAINING MISSION" not in got["iran@example.org"]
    assert "IRAN ESCALATION" in got["iran@example.org"]
    assert "Abbestellen" in got["de@example.org"] or "Abmelden" in got["de@example.org"]


def test_an_issue_that_cannot_be_made_is_told_to_the_operator_once(project: Path, digest: Run) -> None:
    with (project / "config.yaml").open("a", encoding="utf-8") as config:
        config.write("alarm: {to: [ops@example.org], deliver: [{type: folder, path: alarms}]}\n")
    digest("run", "--once", "--at", "2026-11-19T08:00", cwd=project)
    (project / "issues").mkdir()
    (project / "issues" / "nato").write_text("in the way of the folder")
    for minute in range(1, 9):
        digest("run", "--once", "--at", f"2026-11-20T{7 + minute:02}:30", cwd=project)
    told = [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in (project / "alarms").rglob("*.eml")
    ]
    assert told
    assert all(mail["To"] == "ops@example.org" for mail in told)
    assert len({mail.get_content() for mail in told}) == len(told)
    assert any("nato/2026-11-20" in mail.get_content() for mail in told)
