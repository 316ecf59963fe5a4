"""The mail server as it is met: TLS, login, odd replies, and one message at a time."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from digest.channels.smtp import SmtpChannel
from digest.delivery.model import ChannelError, Outcome, OutgoingMessage, Phase, Verdict
from tests.mailserver import Rule, Server


def outgoing(body: bytes = b"Message-ID: <m@x>\r\n\r\nhello\r\n", **more) -> OutgoingMessage:
    values = {"issue": "i", "message_id": "m@x", "sender": "d@x.example", "recipient": "a@x.example", **more}
    return OutgoingMessage(body=body, **values)


def smtp(server: Server, **more) -> SmtpChannel:
    return SmtpChannel(
        host="127.0.0.1", port=server.port, **{"tls": "none", "timeout": 1.0, "timeout_dot": 1.0, **more}
    )


def sent(channel: SmtpChannel) -> Outcome:
    """The outcome of one message over a connection of its own."""
    with closing(channel.connect()) as line:
        return line.send(outgoing())


def refused(channel: SmtpChannel):
    with pytest.raises(ChannelError) as caught:
        channel.connect()
    return caught.value.outcome


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A self-signed certificate and its key in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the program openssl")
    path = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run([*command.split(), "-keyout", path / "k", "-out", path / "c"], check=True, capture_output=True)
    (path / "both").write_bytes((path / "c").read_bytes() + (path / "k").read_bytes())
    return path / "both"


def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_message_goes_over_starttls_to_a_server_that_is_trusted(certificate):
    with Server(tls=server_side(certificate)) as server:
        line = smtp(server, tls="starttls", ca_file=certificate).connect()
        outcome = line.send(outgoing(b"Message-ID: <m@x>\r\n\r\n" + b"x" * 900_000 + b"\r\n"))
        assert line.send(outgoing()).verdict is Verdict.SENT
        line.close()
    assert outcome.verdict is Verdict.SENT
    assert len(server.accepted) == 2


def test_a_certificate_that_does_not_verify_is_refused(certificate):
    with Server(tls=server_side(certificate)) as server:
        outcome = refused(smtp(server, tls="starttls"))
    assert (outcome.verdict, outcome.phase) == (Verdict.CONFIGURATION, Phase.TLS)
    assert "does not verify" in outcome.text
    assert "MAIL" not in " ".join(server.commands)


def test_a_server_without_starttls_is_not_spoken_to_in_the_clear():
    with Server() as server:
        outcome = refused(smtp(server, tls="starttls"))
    assert (outcome.verdict, outcome.phase) == (Verdict.CONFIGURATION, Phase.TLS)


def test_a_password_is_read_from_a_file_and_kept_out_of_sight(tmp_path):
    (tmp_path / "secret").write_text("swordfish\n")
    channel_file = tmp_path / "secret"
    with Server(extensions=("AUTH PLAIN",)) as server:
        channel = smtp(server, user="digest", password_file=channel_file)
        channel.connect().close()
    assert "AUTH PLAIN AGRpZ2VzdABzd29yZGZpc2g=" in server.commands
    assert "swordfish" not in repr(channel)


def test_a_login_that_the_server_does_not_offer_is_a_mistake_of_ours(tmp_path):
    (tmp_path / "secret").write_text("swordfish")
    with Server() as server:
        outcome = refused(smtp(server, user="digest", password_file=tmp_path / "secret"))
    assert (outcome.verdict, outcome.phase) == (Verdict.CONFIGURATION, Phase.AUTH)


@pytest.mark.parametrize("pipelining", [True, False])
def test_after_a_refusal_the_same_connection_goes_on(pipelining):
    rule = Rule(at="rcpt", reply="550 5.1.1 no", rcpt="bad@*")
    with Server(rules=[rule], extensions=("PIPELINING",) if pipelining else ()) as server:
        line = smtp(server).connect()
        verdicts = [line.send(outgoing(recipient=who)).verdict for who in ("bad@x.example", "a@x.example")]
        line.close()
    assert verdicts == [Verdict.ADDRESS, Verdict.SENT]
    assert server.connections == 1
    assert server.early == 0


@pytest.mark.parametrize("reply", ["what?", "999 odd", "25", "250" + "x" * 9000])
def test_what_is_no_smtp_ends_the_connection(reply):
    with Server(rules=[Rule(at="mail", reply=reply)], extensions=()) as server:
        line = smtp(server).connect()
        outcome = line.send(outgoing())
        line.close()
    assert outcome.verdict is Verdict.CONNECTION
    assert not line.is_alive


def test_nonsense_after_the_dot_leaves_the_message_in_doubt():
    with Server(rules=[Rule(at="dot", reply="what?", accept=True)]) as server:
        outcome = sent(smtp(server))
    assert outcome.verdict is Verdict.AMBIGUOUS


def test_a_reply_of_many_lines_is_one_reply():
    with Server(rules=[Rule(at="dot", reply="451-4.7.1 greylisted\r\n451 4.7.1 come back")]) as server:
        outcome = sent(smtp(server))
    assert (outcome.code, outcome.text) == (451, "4.7.1 greylisted 4.7.1 come back")


def test_a_silent_server_costs_the_patience_of_its_phase_and_no_more():
    with Server(rules=[Rule(at="rcpt", silent=5.0)]) as server:
        outcome = sent(smtp(server, timeout=0.3))
    assert (outcome.verdict, outcome.phase) == (Verdict.CONNECTION, Phase.RCPT)
    assert "no answer in time" in outcome.text


def test_control_characters_of_a_reply_do_not_reach_the_operator():
    with Server(rules=[Rule(at="rcpt", reply="550 5.1.1 \x1b[2Jgone\x07")]) as server:
        outcome = sent(smtp(server))
    assert outcome.text == "5.1.1 [2Jgone"


def test_a_connection_is_renewed_after_its_number_of_messages():
    with Server() as server:
        line = smtp(server, per_connection=2).connect()
        assert [line.send(outgoing()).verdict for _ in range(2)] == [Verdict.SENT] * 2
        assert not line.is_alive


def test_an_aborted_wait_ends_at_once():
    import threading
    import time

    with Server(rules=[Rule(at="dot", silent=30.0, accept=True)]) as server:
        line = smtp(server, timeout_dot=60.0).connect()
        threading.Timer(0.2, line.abort).start()
        start = time.monotonic()
        outcome = line.send(outgoing())
        line.close()
    assert outcome.verdict is Verdict.AMBIGUOUS
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    "options",
    [{"ambiguous": "reconcile"}, {"password_env": "A", "password_file": Path("b")}],
)
def test_options_that_contradict_each_other_are_refused(options):
    with pytest.raises(ValueError, match=r"reconcile_command|exclude"):
        SmtpChannel(**options)
