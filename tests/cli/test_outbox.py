"""`digest outbox` and `digest issues`: what is stuck is seen, and moved by hand with a record."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import AT, Run
from tests.delivery.rows import store_at

ISSUE = "nato/2026-11-20"


def sent(project: Path, digest: Run, readers: str = "[a@example.org, nobody]") -> None:
    config = project / "config.yaml"
    config.write_text(config.read_text("utf-8").replace("[editor@example.org]", readers), encoding="utf-8")
    digest("send", "--at", AT, cwd=project)


def test_what_is_stuck_is_listed_with_its_reason(project: Path, digest: Run) -> None:
    sent(project, digest)
    found = json.loads(digest("outbox", "list", "--json", cwd=project).stdout)["copies"]
    assert [(row["rcpt"], row["state"], row["text"]) for row in found] == [
        ("nobody", "dead", "the address is not an address")
    ]


def test_the_status_counts_copies_by_state(project: Path, digest: Run) -> None:
    sent(project, digest)
    data = json.loads(digest("outbox", "status", "--json", cwd=project).stdout)
    assert data["copies"] == {"dead": 1, "sent": 1}
    assert [(issue["issue"], issue["state"]) for issue in data["issues"]] == [(ISSUE, "done")]


def test_dead_copies_go_back_into_the_queue_when_told(project: Path, digest: Run) -> None:
    sent(project, digest)
    assert digest("outbox", "redrive", cwd=project).returncode == 2
    done = digest("outbox", "redrive", "--dead", "--issue", ISSUE, "--yes", cwd=project)
    assert done.stdout == "1 copies will be sent again\n"
    assert digest("outbox", "redrive", "--dead", "--yes", cwd=project).returncode == 4


def test_a_suppressed_address_is_not_written_to(project: Path, digest: Run) -> None:
    assert digest("outbox", "suppress", "Editor@Example.org", "--reason", "asked", cwd=project).returncode == 0
    digest("send", "--at", AT, cwd=project)
    with store_at(project) as store:
        assert store.operator.count_by_state() == {"suppressed": 1}
    listed = json.loads(digest("outbox", "suppressed", "--json", cwd=project).stdout)["suppressed"]
    assert [(row["address"], row["reason"]) for row in listed] == [("editor@example.org", "asked")]
    digest("outbox", "suppress", "editor@example.org", "--remove", cwd=project)
    assert json.loads(digest("outbox", "suppressed", "--json", cwd=project).stdout) == {"suppressed": []}


def test_issues_are_listed_and_shown(project: Path, digest: Run) -> None:
    sent(project, digest)
    assert digest("issues", "list", cwd=project).stdout.startswith(f"{ISSUE}  done")
    data = json.loads(digest("issues", "show", ISSUE, "--json", cwd=project).stdout)
    assert data["copies"] == {"dead": 1, "sent": 1}


def test_an_issue_that_nobody_knows_or_that_is_not_held_is_a_mistake(project: Path, digest: Run) -> None:
    sent(project, digest)
    assert "no issue is called" in digest("issues", "show", "nato/1999-01-01", cwd=project).stderr
    done = digest("issues", "approve", ISSUE, cwd=project)
    assert done.returncode == 2
    assert f"{ISSUE} is not held: done" in done.stderr
    assert digest("issues", "resume", ISSUE, cwd=project).returncode == 2


def test_a_held_issue_is_approved_or_rejected(project: Path, digest: Run) -> None:
    sent(project, digest)
    with store_at(project) as store, store.database.write_transaction() as connection:
        connection.exec_driver_sql("UPDATE issue SET state = 'held'")
    assert digest("issues", "approve", ISSUE, cwd=project).stdout == f"{ISSUE}: approved\n"
    with store_at(project) as store, store.database.write_transaction() as connection:
        connection.exec_driver_sql("UPDATE issue SET state = 'held'")
    assert digest("issues", "reject", ISSUE, cwd=project).stdout == f"{ISSUE}: rejected\n"
