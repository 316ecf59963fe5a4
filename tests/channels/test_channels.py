"""Channels: one conformance suite, then what is special about each."""

from __future__ import annotations

import http.server
import json
import mailbox
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from digest.channels.folder import FolderChannel
from digest.channels.maildir import MaildirChannel
from digest.channels.sendmail import SendmailChannel
from digest.channels.webhook import WebhookChannel
from digest.delivery.model import AmbiguityPolicy, ChannelError, OutgoingMessage, Phase, Verdict

BODY = (
    b"Message-ID: <abc@news.example>\r\nSubject: =?utf-8?q?The_m=C3=B6rning?=\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nGood morning.\r\n.\r\n"
)


def outgoing(message_id: str = "abc@news.example") -> OutgoingMessage:
    return OutgoingMessage(
        issue="nato/2026-11-23",
        message_id=message_id,
        sender="digest@news.example",
        recipient="a@x.example",
        body=BODY,
    )


class Service(http.server.BaseHTTPRequestHandler):
    """Answers with the status of its server; keeps what it got, once for each key."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server = self.server
        if server.status == 0:  # type: ignore[attr-defined]
            self.connection.close()
            return
        if server.status < 300:  # type: ignore[attr-defined]
            server.kept[self.headers["Idempotency-Key"]] = (dict(self.headers), json.loads(body))  # type: ignore[attr-defined]
        self.send_response(server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def service(status: int = 200) -> Iterator[http.server.ThreadingHTTPServer]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        server.status, server.kept = status, {}  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def program(folder: Path, text: str) -> str:
    path = folder / "sendmail"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture(params=["folder", "maildir", "sendmail", "webhook"])
def channel(request, tmp_path):
    """(channel, number of different copies that arrived)."""
    if request.param == "folder":
        yield FolderChannel(path=tmp_path / "out"), lambda: len(list((tmp_path / "out").rglob("*.eml")))
    elif request.param == "maildir":
        yield MaildirChannel(path=tmp_path / "mail"), lambda: len(list((tmp_path / "mail" / "new").iterdir()))
    elif request.param == "sendmail":
        command = program(tmp_path, f'cat > {tmp_path}/"$(sha256sum < /dev/null | cut -c1-4)-$4".eml')
        yield SendmailChannel(command=command), lambda: len(list(tmp_path.glob("*.eml")))
    else:
        with service() as server:
            yield WebhookChannel(url=f"http://127.0.0.1:{server.server_port}/in"), lambda: len(server.kept)


def test_a_parcel_arrives_and_the_same_one_twice_is_one(channel):
    way, arrived = channel
    line = way.connect()
    outcomes = [line.send(outgoing()), line.send(outgoing())]
    line.close()
    assert {outcome.verdict for outcome in outcomes} == {Verdict.SENT}
    assert arrived() == 1


def test_a_channel_says_what_it_is(channel):
    way, _ = channel
    assert way.connections >= 1
    assert way.host
    assert way.ambiguous in AmbiguityPolicy
    line = way.connect()
    assert line.is_alive
    line.abort()
    line.close()


@pytest.mark.parametrize("kind", [FolderChannel, MaildirChannel])
def test_a_folder_that_cannot_be_is_a_mistake_of_ours(tmp_path, kind):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ChannelError) as caught:
        kind(path=tmp_path / "file" / "out").connect()
    assert caught.value.outcome.verdict is Verdict.CONFIGURATION


def test_a_maildir_is_read_by_the_standard_library(tmp_path):
    MaildirChannel(path=tmp_path / "mail").connect().send(outgoing())
    (found,) = mailbox.Maildir(tmp_path / "mail", create=False)
    assert found["Message-ID"] == "<abc@news.example>"


def test_a_mail_that_was_read_and_moved_is_not_delivered_again(tmp_path):
    way = MaildirChannel(path=tmp_path / "mail")
    way.connect().send(outgoing())
    (mail,) = (tmp_path / "mail" / "new").iterdir()
    mail.rename(tmp_path / "mail" / "cur" / f"{mail.name}:2,S")
    way.connect().send(outgoing())
    assert list((tmp_path / "mail" / "new").iterdir()) == []


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (0, Verdict.SENT),
        (64, Verdict.CONFIGURATION),
        (67, Verdict.ADDRESS),
        (75, Verdict.TEMPORARY),
        (65, Verdict.MAILBOX),
        (78, Verdict.CONFIGURATION),
    ],
)
def test_the_exit_code_of_sendmail_decides(tmp_path, code, verdict):
    command = program(tmp_path, f"cat > /dev/null; echo 'because' >&2; exit {code}")
    outcome = SendmailChannel(command=command).connect().send(outgoing())
    assert outcome.verdict is verdict
    assert outcome.text == "because"


def test_a_sendmail_that_hangs_or_dies_leaves_the_message_in_doubt(tmp_path):
    slow = program(tmp_path, "cat > /dev/null; exec sleep 60")
    assert SendmailChannel(command=slow, timeout=0.2).connect().send(outgoing()).verdict is Verdict.AMBIGUOUS
    killed = program(tmp_path, "cat > /dev/null; kill -9 $$")
    assert SendmailChannel(command=killed).connect().send(outgoing()).verdict is Verdict.AMBIGUOUS


def test_sendmail_gets_no_shell_and_no_options_from_addresses(tmp_path):
    command = program(tmp_path, f'printf "%s|" "$@" > {tmp_path}/args; cat > /dev/null')
    odd = OutgoingMessage(issue="i", message_id="m@x", sender="d@x", recipient="-oQ/tmp;touch@x", body=BODY)
    SendmailChannel(command=command).connect().send(odd)
    assert (tmp_path / "args").read_text() == "-f|d@x|--|-oQ/tmp;touch@x|"


def test_a_sendmail_that_is_not_there_is_a_mistake_of_ours():
    with pytest.raises(ChannelError, match="not a program"):
        SendmailChannel(command="/no/such/sendmail -i").connect()


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (201, Verdict.SENT),
        (409, Verdict.SENT),
        (401, Verdict.CONFIGURATION),
        (302, Verdict.CONFIGURATION),
        (422, Verdict.MAILBOX),
        (429, Verdict.TEMPORARY),
        (503, Verdict.TEMPORARY),
        (0, Verdict.AMBIGUOUS),
    ],
)
def test_the_status_of_a_webhook_decides(status, verdict):
    with service(status) as server:
        line = WebhookChannel(url=f"http://127.0.0.1:{server.server_port}/in").connect()
        assert line.send(outgoing()).verdict is verdict
        line.close()


def test_a_webhook_gets_the_parts_and_a_key(monkeypatch):
    monkeypatch.setenv("HOOK_TOKEN", "swordfish")
    with service() as server:
        line = WebhookChannel(url=f"http://127.0.0.1:{server.server_port}/in", token_env="HOOK_TOKEN").connect()
        line.send(outgoing())
        line.close()
    headers, data = server.kept["abc@news.example"]
    assert headers["Authorization"] == "Bearer swordfish"
    assert (data["to"], data["subject"], data["text"]) == ("a@x.example", "The mörning", "Good morning.\n.\n")


def test_a_webhook_that_nobody_answers_is_a_connection_failure():
    with service() as server:
        port = server.server_port
    line = WebhookChannel(url=f"http://127.0.0.1:{port}/in").connect()
    outcome = line.send(outgoing())
    line.close()
    assert (outcome.verdict, outcome.phase) == (Verdict.CONNECTION, Phase.CONNECT)


def test_a_webhook_without_idempotency_holds_what_is_in_doubt():
    assert WebhookChannel(url="https://x.example", idempotent=False).ambiguous is AmbiguityPolicy.HOLD
    with pytest.raises(ValueError, match="url begins with"):
        WebhookChannel(url="ftp://x.example")
