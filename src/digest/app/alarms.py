"""What an operator should be told: issues that did not appear or did not go out; and how it is sent."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from digest.delivery.model import ChannelError, IssueState, OutgoingMessage, Verdict
from digest.errors import DigestError
from digest.mail.address import sender_domain
from digest.mail.header import header_line
from digest.schedule.slots import due_slots, next_slots

if TYPE_CHECKING:
    from digest.app.reporter import Reporter
    from digest.app.tick import ScheduledEdition
    from digest.config import AlarmRecipients
    from digest.delivery.model import IssueRow
    from digest.delivery.protocols import Channel
    from digest.stores.sql import Store

SILENT_SLOTS = 2  # slots without a row
MAX_ISSUE_AGE = timedelta(hours=1)  # in which an issue should be made, or start to leave


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One thing that is wrong. The key is the same until it is right again, so that nobody is told twice."""

    key: str
    text: str


def current_alarms(store: Store, papers: list[ScheduledEdition], now: datetime) -> list[Alarm]:
    """Everything that is wrong now, in the order of editions."""
    return [
        alarm
        for paper in papers
        for alarm in (*_silent_edition_alarms(store, paper, now), *_stuck_issue_alarms(store, paper, now))
    ]


def new_alarms(store: Store, papers: list[ScheduledEdition], now: datetime) -> list[Alarm]:
    """The alarms that nobody was told of yet; each is reported once until its cause is gone."""
    found = current_alarms(store, papers, now)
    told = set(store.recall("schedule", "alarms") or [])
    keys = [alarm.key for alarm in found]
    if told != set(keys):
        store.remember("schedule", "alarms", keys)
    return [alarm for alarm in found if alarm.key not in told]


def _silent_edition_alarms(store: Store, paper: ScheduledEdition, now: datetime) -> list[Alarm]:
    """No row of any kind for two periods."""
    if paper.schedule is None:
        return []
    newest = store.issues.newest_slot_instant(paper.edition, until=now.timestamp()) or store.recall(
        "schedule", paper.edition
    )
    if newest is None:
        return []
    since = datetime.fromtimestamp(float(newest), UTC)
    coming = next_slots(paper.schedule, paper.zone, since + timedelta(seconds=1), SILENT_SLOTS)
    if len(coming) < SILENT_SLOTS or coming[-1].instant > now:
        return []
    missed = len(due_slots(paper.schedule, paper.zone, since, now))
    text = f"{paper.edition}: no issue and no reason since {since:%Y-%m-%d %H:%M} UTC, {missed} slots"
    return [Alarm(key=f"{paper.edition}: silent since {since.isoformat()}", text=text)]


def _stuck_issue_alarms(store: Store, paper: ScheduledEdition, now: datetime) -> list[Alarm]:
    made = []
    for issue in store.issues.list_issues(paper.edition, limit=5):
        trouble = _issue_trouble(store, issue, now)
        if trouble:
            made.append(Alarm(key=f"{issue.name}: {issue.state}", text=f"{issue.name}: {trouble}"))
    return made


def _issue_trouble(store: Store, issue: IssueRow, now: datetime) -> str:
    latest = now.timestamp() - MAX_ISSUE_AGE.total_seconds()
    old = issue.updated < latest
    if issue.state == IssueState.FAILED:
        return f"failed: {issue.reason}"
    if issue.state == IssueState.BUILDING and old:
        return f"still not made: {issue.reason or 'no word from its builder'}"
    # Copies may wait for their readers' own hours: the hour is counted from when the first of them may leave.
    if issue.state == IssueState.READY and old and (store.outbox.next_due(issues=[issue.id]) or 0.0) < latest:
        return "published, and not one copy has left"
    return ""


def alarm_message(sender: str, recipient: str, alarms: list[Alarm], now: datetime) -> OutgoingMessage:
    """One plain message for all alarms of a round; the same alarms at the same moment have the same id."""
    key = "|".join((recipient, now.isoformat(), *(alarm.key for alarm in alarms)))
    own = f"{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:32]}@{sender_domain(sender)}"
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = header_line(f"digest: {alarms[0].text}", 78)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{own}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("".join(f"- {alarm.text}\n" for alarm in alarms), cte="quoted-printable")
    return OutgoingMessage(issue="alarm", message_id=own, sender=sender, recipient=recipient, body=bytes(message))


@dataclass(frozen=True, slots=True)
class AlarmSender:
    """Sends alarms to operators; a channel that fails is itself reported, and stops nothing."""

    recipients: AlarmRecipients | None  # None: alarms are only reported
    reporter: Reporter

    def report_and_send(self, alarms: list[Alarm], now: datetime) -> None:
        """Report every alarm, and send all of them to every operator in one message each."""
        for alarm in alarms:
            self.reporter.warn(f"alarm: {alarm.text}")
        if not alarms or self.recipients is None:
            return
        for recipient in self.recipients.to:
            for channel in self.recipients.channels:
                self._send_message(channel, alarm_message(self.recipients.sender, recipient, alarms, now))

    def _send_message(self, channel: Channel, message: OutgoingMessage) -> None:
        try:
            with closing(channel.connect()) as line:
                outcome = line.send(message)
        except ChannelError as error:
            outcome = error.outcome
        except DigestError as error:
            self.reporter.warn(f"the alarm could not be sent: {error}")
            return
        if outcome.verdict is not Verdict.SENT:
            self.reporter.warn(f"the alarm could not be sent: {outcome.text}")
