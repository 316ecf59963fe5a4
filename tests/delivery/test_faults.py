"""Every named fault point with every action: one issue, every reader once, and doubt only where there must be."""

from __future__ import annotations

import re
import signal
from collections import Counter
from pathlib import Path

import pytest

from digest import faults
from digest.errors import UsageError
from tests.delivery.rows import store_at
from tests.delivery.zygote import READERS, TOP, Zygote
from tests.mailserver import Server

# What a reader may see when the process dies there: nothing unusual, or one message in doubt for each connection.
# A new fault point has no line here, and fails.
EXPECTED = {
    "before_build": "clean",
    "artefact_temporary": "clean",
    "artefact_renamed": "clean",
    "in_publish": "clean",
    "after_publish": "clean",
    "after_claim": "clean",
    "before_intent": "clean",
    "after_intent": "doubt",
    "in_body": "doubt",
    "after_dot": "doubt",
    "after_reply": "doubt",
    "after_outcome": "clean",
    "after_recovery": "clean",
}


@pytest.fixture(scope="module")
def zygote():
    with Zygote() as running:
        yield running


def test_every_fault_point_has_its_expectation():
    assert EXPECTED.keys() == faults.FAULT_POINTS.keys()


def test_every_fault_point_is_in_the_code_and_every_one_in_the_code_is_named():
    text = "".join(path.read_text("utf-8") for path in (TOP / "src").rglob("*.py"))
    assert set(re.findall(r'faultpoint\("(\w+)"\)', text)) == set(faults.FAULT_POINTS)


@pytest.mark.parametrize("text", ["nowhere:1:kill", "in_body:x:kill", "in_body:1:explode", "in_body"])
def test_a_fault_that_nobody_knows_is_refused(text):
    with pytest.raises(UsageError, match="DIGEST_FAULT"):
        faults.arm_fault(text)


def test_an_armed_point_acts_at_its_passage_and_once():
    faults.arm_fault("in_body:2:raise")
    try:
        faults.faultpoint("in_body")
        faults.faultpoint("after_dot")
        with pytest.raises(faults.InjectedError):
            faults.faultpoint("in_body")
        faults.faultpoint("in_body")
    finally:
        faults.arm_fault(None)


CASES = [("kill", policy) for policy in ("resend", "hold", "reconcile")]
CASES += [(action, "hold") for action in faults.ACTIONS if action != "kill"]


@pytest.mark.slow
@pytest.mark.parametrize(("action", "policy"), CASES)
@pytest.mark.parametrize("point", EXPECTED)
def test_an_accident_at_any_point_loses_nothing(tmp_path: Path, zygote: Zygote, point, action, policy):
    with Server(log=tmp_path / "accepted.jsonl") as server:
        order = {"port": server.port, "policy": policy}
        if point == "after_recovery":  # there must be something to recover
            zygote.wait(zygote.start("journey", tmp_path, fault="after_intent:3:kill", **order))
        status = zygote.wait(zygote.start("journey", tmp_path, fault=f"{point}:1:{action}", **order))
        if action == "kill":
            assert status == -signal.SIGKILL
        for hours in (1, 2):
            assert zygote.wait(zygote.start("journey", tmp_path, hours=hours, later=hours * 5, **order)) == 0
    judge(tmp_path, server, policy, doubt=EXPECTED[point] == "doubt" or point == "after_recovery")


def judge(folder: Path, server: Server, policy: str, *, doubt: bool) -> None:
    """The invariants of section 9: states, copies, files, one issue."""
    with store_at(folder) as store:
        (issue,) = store.issues.list_issues()
        rows = [row for row in store.operator.list_deliveries() if row.channel == "smtp"]
        written = [row for row in store.operator.list_deliveries() if row.channel == "folder"]
    copies = Counter(server.ids())
    unknown = [row for row in rows if row.state == "unknown"]
    assert len(rows) == len(written) == READERS
    assert {row.state for row in rows} <= {"sent", "unknown"}
    assert {row.state for row in written} == {"sent"}
    assert all(copies[row.message_id] >= 1 for row in rows if row.state == "sent")
    assert set(copies) <= {row.message_id for row in rows}
    assert len(unknown) <= (1 if policy == "hold" and doubt else 0)
    doubled = sum(copies.values()) - len(copies)
    assert doubled <= (1 if policy == "resend" and doubt else 0)
    assert all(copies[row.message_id] <= 1 + row.resent for row in rows)
    assert len([path for path in (folder / "out").rglob("*.eml") if not path.name.startswith(".")]) == READERS
    assert issue.state == ("sending" if unknown else "done")
