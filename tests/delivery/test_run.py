"""Every reader gets every issue once, or a named row says why not."""

from __future__ import annotations

import pytest

from digest.channels.folder import FolderChannel
from digest.channels.smtp import SmtpChannel
from digest.delivery.model import AmbiguityPolicy, DeliveryState, OutgoingMessage
from digest.delivery.personalise import copier_factory
from digest.delivery.protocols import DeliveryContext
from digest.delivery.run import deliver
from tests.delivery.rows import clock_from, clock_stopped_at, crowd, published, readers, send, states, store_at, token
from tests.mailserver import Rule, Server


def smtp(server: Server, **more) -> SmtpChannel:
    options = {"tls": "none", "timeout": 5.0, "timeout_dot": 5.0, "connections": 1, **more}
    return SmtpChannel(host="127.0.0.1", port=server.port, **options)


def test_every_reader_gets_one_copy_under_the_id_of_the_row(tmp_path):
    store = store_at(tmp_path)
    published(store, crowd(50))
    with Server() as server:
        report = send(store, smtp=smtp(server, connections=3))
    assert report.sent == 50
    assert report.is_complete
    assert sorted(server.ids()) == sorted(row.message_id for row in store.operator.list_deliveries())
    assert server.early == 0
    assert store.issues.list_issues()[0].state == "done"


def test_publishing_twice_changes_nothing(tmp_path):
    store = store_at(tmp_path)
    published(store, readers("a@x.example"))
    owner = store.runs.sign_on()
    assert store.issues.claim_slot("nato", "2026-11-23", 0.0, owner=owner, now=5.0, lease=1.0) is None
    assert len(store.operator.list_deliveries()) == 1


def test_sending_twice_sends_once(tmp_path):
    store = store_at(tmp_path)
    published(store, readers("a@x.example"))
    with Server() as server:
        send(store, smtp=smtp(server))
        send(store, smtp=smtp(server))
    assert len(server.accepted) == 1


def test_readers_who_differ_in_case_are_one(tmp_path):
    store = store_at(tmp_path)
    published(store, readers("Ann@X.example", "ann@x.EXAMPLE"))
    assert [row.rcpt for row in store.operator.list_deliveries()] == ["Ann@X.example"]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("a@x.example\r\nBcc: b@y.example", "holds a control character"),
        ("a,b@x.example", "holds a comma"),
        ("a" * 300 + "@x.example", "is too long: 310 characters"),
        ("a@-bad-.example", "has a domain that cannot exist"),
        ("nobody", "is not an address"),
        ("", "is not an address"),
    ],
)
def test_an_impossible_address_is_dead_with_its_reason_and_the_rest_goes_out(tmp_path, address, reason):
    store = store_at(tmp_path)
    published(store, readers(address, "b@x.example"))
    with Server() as server:
        send(store, smtp=smtp(server))
    first, second = store.operator.list_deliveries()
    assert (first.state, first.last_text) == ("dead", f"the address {reason}")
    assert second.state == "sent"


def test_a_domain_in_any_script_is_written_to(tmp_path):
    store = store_at(tmp_path)
    published(store, readers("a@bücher.example"))
    with Server() as server:
        send(store, smtp=smtp(server))
    assert server.accepted[0][0] == "a@xn--bcher-kva.example"


CASES = [
    (Rule(at="rcpt", reply="550 5.1.1 no such user"), "dead", True),
    (Rule(at="rcpt", reply="552 5.2.2 mailbox full"), "dead", False),
    (Rule(at="rcpt", reply="450 4.2.0 greylisted"), "deferred", False),
    (Rule(at="rcpt", reply="421 4.3.0 closing"), "pending", False),
    (Rule(at="mail", reply="452 4.3.1 disk full"), "pending", False),
    (Rule(at="mail", reply="554 5.7.1 no spam"), "dead", False),
    (Rule(at="data", reply="451 4.3.0 later"), "deferred", False),
    (Rule(at="data", reply="554 5.7.1 no"), "dead", False),
    (Rule(at="dot", reply="451 4.3.0 later"), "deferred", False),
    (Rule(at="dot", reply="554 5.7.1 spam"), "dead", False),
    (Rule(at="body", drop=True), "deferred", False),  # all of a small message is in the kernel: who knows
    (Rule(at="rcpt", drop=True), "pending", False),
    (Rule(at="dot", drop=True), "deferred", False),
    (Rule(at="dot", drop=True, accept=True), "deferred", False),
    (Rule(at="dot", silent=1.0, accept=True), "deferred", False),
    (Rule(at="greeting", reply="421 busy"), "sent", False),
    (Rule(at="greeting", silent=1.0), "sent", False),
    (Rule(at="ehlo", reply="421 busy"), "sent", False),
]


@pytest.mark.parametrize(("rule", "state", "listed"), CASES, ids=lambda value: getattr(value, "at", None))
@pytest.mark.parametrize("pipelining", [True, False])
def test_each_reply_has_its_meaning_and_others_are_unaffected(tmp_path, rule, state, listed, pipelining):
    store = store_at(tmp_path)
    published(store, readers("a@x.example", "b@x.example"))
    once = Rule(**{**rule.__dict__, "rcpt": "a@*" if rule.at not in {"greeting", "ehlo", "mail"} else "*", "times": 1})
    with Server(rules=[once], extensions=("PIPELINING",) if pipelining else ()) as server:
        send(store, smtp=smtp(server, timeout=0.5, timeout_dot=0.5))
    found = states(store)
    assert found["a@x.example"] == state
    assert found["b@x.example"] == "sent"
    assert bool(store.operator.suppression_list()) is listed
    assert server.early == 0


def test_a_drop_inside_a_large_body_is_known_not_to_be_sent(tmp_path):
    store = store_at(tmp_path)
    published(store, readers("a@x.example"), text="long " * 2_000_000)
    with Server(rules=[Rule(at="body", drop=True)]) as server:
        report = send(store, smtp=smtp(server))
    assert report.ambiguous == 0
    assert states(store) == {"a@x.example": "pending"}
    assert store.operator.list_deliveries()[0].attempts == 0


def test_a_deferred_copy_goes_out_later_under_the_same_id(tmp_path):
    store = store_at(tmp_path)
    published(store, readers("a@x.example"))
    with Server(rules=[Rule(at="rcpt", reply="450 later", times=1)]) as server:
        first = send(store, smtp=smtp(server), now=2000.0)
        assert first.next_due is not None
        assert first.next_due > 2000.0
        send(store, smtp=smtp(server), now=2000.0)
        assert server.accepted == []
        send(store, smtp=smtp(server), now=2400.0)
    assert server.ids() == [store.operator.list_deliveries()[0].message_id]


@pytest.mark.parametrize("accept", [True, False])
def test_an_answer_that_was_lost_is_resolved_by_policy(tmp_path, accept):
    for policy, state in ((AmbiguityPolicy.RESEND, "deferred"), (AmbiguityPolicy.HOLD, "unknown")):
        folder = tmp_path / policy
        folder.mkdir()
        store = store_at(folder)
        published(store, readers("a@x.example"))
        with Server(rules=[Rule(at="dot", drop=True, accept=accept)]) as server:
            report = send(store, smtp=smtp(server, ambiguous=policy))
        assert report.ambiguous == 1
        assert [row.state for row in store.operator.list_deliveries()] == [state]


def test_a_suppressed_reader_is_not_written_to_even_after_publishing(tmp_path):
    store = store_at(tmp_path)
    published(store, readers("a@x.example", "b@x.example"))
    store.operator.suppress_address("a@x.example", reason="asked us to", source="hand", now=1.0)
    with Server() as server:
        report = send(store, smtp=smtp(server))
    assert [rcpt for rcpt, _, _ in server.accepted] == ["b@x.example"]
    assert states(store)["a@x.example"] == "suppressed"
    assert (report.suppressed, report.sent) == (1, 1)


def test_a_wrong_password_stops_the_channel_and_marks_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET", "swordfish")
    store = store_at(tmp_path)
    published(store, crowd(30))
    rule = Rule(at="auth", reply="535 5.7.8 bad credentials")
    with Server(rules=[rule], extensions=("AUTH PLAIN",)) as server:
        report = send(store, smtp=smtp(server, user="digest", password_env="SECRET", connections=2))
    assert "535" in report.halted["smtp"] or "credentials" in report.halted["smtp"]
    assert "swordfish" not in report.halted["smtp"]
    assert store.operator.count_by_state() == {"pending": 30}


def test_an_unreachable_host_is_left_alone_and_loses_nothing(tmp_path):
    store = store_at(tmp_path)
    published(store, crowd(30))
    with Server() as server:
        port = server.port
    channel = SmtpChannel(host="127.0.0.1", port=port, tls="none")
    report = send(store, smtp=channel)
    assert "in a row" in report.halted["smtp"]
    assert store.operator.count_by_state() == {"pending": 30}


def test_an_issue_refused_again_and_again_is_stopped(tmp_path):
    store = store_at(tmp_path)
    published(store, crowd(40))
    with Server(rules=[Rule(at="dot", reply="554 5.7.1 spam")]) as server:
        report = send(store, smtp=smtp(server))
    assert list(report.stopped) == ["nato/2026-11-23"]
    assert store.operator.count_by_state() == {"dead": 5, "pending": 35}
    assert store.issues.list_issues()[0].state == "failed"


def test_a_folder_holds_one_file_for_each_copy(tmp_path):
    store = store_at(tmp_path)
    published(store, crowd(3), "folder")
    send(store, folder=FolderChannel(path=tmp_path / "out"))
    files = sorted((tmp_path / "out" / "nato" / "2026-11-23").iterdir())
    assert [file.stem for file in files] == sorted(
        row.message_id.split("@")[0] for row in store.operator.list_deliveries()
    )
    assert all(row.state == DeliveryState.SENT for row in store.operator.list_deliveries())


def test_dots_at_the_beginning_of_lines_survive(tmp_path):
    body = b"Message-ID: <m@x>\r\n\r\n.one\r\n..two\r\n.\r\nthree\r\n"
    message = OutgoingMessage(
        issue="nato/2026-11-23", message_id="m@x.example", sender="d@x.example", recipient="a@x.example", body=body
    )
    store = store_at(tmp_path)
    published(store, readers("a@x.example"))
    with Server() as server:
        around = DeliveryContext(clock=clock_stopped_at(2000.0), linger=0.0)
        deliver(store, {"smtp": smtp(server)}, lambda _content: lambda _row: message, around)
    assert server.accepted[0][2] == body


def test_a_clock_that_began_tomorrow_takes_nothing_out_of_a_living_senders_hand(tmp_path):
    store = store_at(tmp_path)
    issue = published(store, readers("a@x.example"))
    store.outbox.claim(issue, "smtp", owner="another-host/1/1/abc", now=2000.0, lease=900.0, limit=1)
    with Server() as server:
        context = DeliveryContext(clock=clock_from(2000.0 + 86_400), linger=0.0)
        assert deliver(store, {"smtp": smtp(server)}, copier_factory(token), context).sent == 0
    assert store.operator.count_by_state() == {"claimed": 1}
    assert store.outbox.recover_abandoned({}, now=2000.0 + 86_400) == (1, 0)  # by the machine's time it would be
