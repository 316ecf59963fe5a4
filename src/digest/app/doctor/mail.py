"""What stands between an issue and its readers: channels, and what the DNS says about the sender."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from digest.app.doctor.finding import Diagnosis, failed_diagnosis, ok_diagnosis, warning_diagnosis
from digest.errors import DigestError
from digest.net.dns import LookupFailedError, look_up_txt

if TYPE_CHECKING:
    from digest.config import Edition
    from digest.delivery.protocols import Channel


def diagnose_channels(edition: Edition) -> Iterator[Diagnosis]:
    """Each channel: a server is called and logged in at, a folder must be writable. Nothing is sent."""
    from digest.app.newsroom import channels_of

    for name, channel in channels_of(edition).items():
        folder = channel.host.removeprefix("folder:")
        yield _diagnose_folder(name, Path(folder)) if folder != channel.host else _diagnose_server(name, channel)


def _diagnose_folder(name: str, folder: Path) -> Diagnosis:
    nearest = folder.resolve()
    while not nearest.exists():
        nearest = nearest.parent
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return ok_diagnosis(name, f"{folder} can be written")
    return failed_diagnosis(name, f"{nearest}: cannot be written", f"chown or chmod {nearest}, or change `path:`")


def _diagnose_server(name: str, channel: Channel) -> Diagnosis:
    from digest.delivery.model import ChannelError

    try:
        with closing(channel.connect()):
            return ok_diagnosis(name, f"{channel.host} answers and lets us in")
    except ChannelError as error:
        outcome = error.outcome
        said = f"{channel.host}: {outcome.phase}: {outcome.code or ''} {outcome.text}".replace(":  ", ": ")
        return failed_diagnosis(
            name, said, REMEDIES.get(str(outcome.phase), "look at host, port and tls of the channel")
        )
    except DigestError as error:
        return failed_diagnosis(name, str(error), "look at the channel's options")


REMEDIES = {
    "connect": "is the server running, are host and port right, does a firewall let us out?",
    "tls": "is `tls:` right for the port (465 implicit, 587 starttls), is the certificate for this name? see `ca_file:`",
    "auth": "is the password in the place that `password_env:` or `password_file:` names? some providers want an app password",
}


def diagnose_sender_dns(edition: Edition) -> Iterator[Diagnosis]:
    """What the DNS says about the sender's domain: SPF, DMARC, and DKIM where we sign (asks the resolver)."""
    from digest.mail.address import sender_domain

    domain = sender_domain(edition.envelope.sender)
    subject = f"{edition.key}: DNS"
    yield _diagnose_dns_record(
        subject, domain, "v=spf1", "SPF", "add a TXT record that names the servers which may send for you"
    )
    yield _diagnose_dns_record(
        subject, f"_dmarc.{domain}", "v=DMARC1", "DMARC", "add a TXT record, to begin with: v=DMARC1; p=none"
    )
    if edition.envelope.dkim is not None:
        dkim = edition.envelope.dkim
        name = f"{dkim.selector}._domainkey.{dkim.domain}"
        yield _diagnose_dns_record(subject, name, "p=", "DKIM", "publish the public half of the key under this name")


def _diagnose_dns_record(subject: str, name: str, mark: str, what: str, remedy: str) -> Diagnosis:
    try:
        found = [text for text in look_up_txt(name) if mark in text]
    except (LookupFailedError, UnicodeError) as error:
        return warning_diagnosis(subject, f"{what}: {error}", "try again when the network is there")
    if not found:
        return warning_diagnosis(subject, f"{what}: {name} has no such record", remedy)
    if len(found) > 1 and mark.startswith("v="):
        return failed_diagnosis(
            subject, f"{what}: {name} has {len(found)} records, receivers then ignore all", "keep one of them"
        )
    return ok_diagnosis(subject, f"{what}: {found[0][:80]}")
