"""Whatever the schedule, the pauses and the failures: every article is printed once, or alive in the next issue.

A world of hours: articles appear, the program sleeps for up to forty days and wakes, and the way out refuses, breaks off
or works. Each example is a life of the real store, the real tick and the real delivery; only the wire is ours.
The number of examples is `DIGEST_EXAMPLES` (200 when unset; `make bench` lives through 2,000).
"""

from __future__ import annotations

import os
import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.app.tick import ScheduledEdition, publish_due_slots
from digest.delivery.model import AmbiguityPolicy, ChannelError, Outcome, Phase, Verdict
from digest.delivery.publish import Mailing
from digest.errors import SourceError
from digest.schedule.slots import CatchUp, Schedule, Slot
from tests.delivery.rows import ENVELOPE, letter, readers, send, store_at

if TYPE_CHECKING:
    from digest.delivery.model import OutgoingMessage
    from digest.stores.sql import Store

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
EXAMPLES = int(os.environ.get("DIGEST_EXAMPLES", "200"))
CRONS = ["0 7 * * *", "30 6 * * mon-fri", "0 * * * *", "15 */6 * * *", "0 8 * * mon", "0 7,19 * * *"]
OUTCOMES = {
    "works": Outcome(verdict=Verdict.SENT, phase=Phase.DOT, code=250),
    "later": Outcome(verdict=Verdict.TEMPORARY, phase=Phase.RCPT, code=450, text="later"),
    "refuses": Outcome(verdict=Verdict.ISSUE, phase=Phase.DOT, code=554, text="no"),
    "down": Outcome(verdict=Verdict.CONNECTION, phase=Phase.CONNECT, text="refused"),
}


@dataclass(kw_only=True)
class Wire:
    """A way out that behaves as it is told, and remembers what it took."""

    behaviour: str = "works"
    taken: list[str] = field(default_factory=list)  # slots of the issues that were handed over
    host: str = "wire.example"
    connections: int = 1
    ambiguous: AmbiguityPolicy = AmbiguityPolicy.RESEND
    is_alive: bool = True

    def connect(self) -> Wire:
        if self.behaviour == "down":
            raise ChannelError(OUTCOMES["down"])
        return self

    def send(self, outgoing: OutgoingMessage) -> Outcome:
        if self.behaviour == "works":
            self.taken.append(outgoing.issue)
        return OUTCOMES[self.behaviour]

    def close(self) -> None:
        pass

    abort = close


@dataclass(kw_only=True)
class World:
    """Articles, an edition that prints what is new, and how it reaches its reader."""

    store: Store
    schedule: Schedule
    now: datetime = START
    articles: list[str] = field(default_factory=list)
    issues: dict[str, list[str]] = field(default_factory=dict)  # Issue.id -> the articles in it
    unreadable: bool = False  # the sources fail
    wire: Wire = field(default_factory=Wire)

    @property
    def paper(self) -> ScheduledEdition:
        return ScheduledEdition(
            edition="nato", schedule=self.schedule, zone=ZoneInfo("Europe/Brussels"), build=self.build
        )

    def build(self, slot: Slot) -> Mailing | str:
        if self.unreadable:
            raise SourceError("wires: no route to host")
        had = self.store.issues.printed_fingerprints("nato")
        new = [article for article in self.articles if article not in had]
        if not new:
            return "empty"
        made = letter(slot.label)
        self.issues[made.issue] = new
        marks = [(article, "text") for article in new]
        return Mailing(
            letters={"": made}, envelope=ENVELOPE, readers=readers("a@x.example"), channels=("w",), marks=marks
        )

    def live(self, hours: float) -> None:
        """Sleep so long, then do what a round of the daemon does."""
        self.now += timedelta(hours=hours)
        publish_due_slots(self.store, [self.paper], self.now)
        send(self.store, now=self.now.timestamp(), w=self.wire)

    def come_to_rest(self) -> None:
        """Everything works from now on, and one more article comes, so that there is a next issue."""
        self.unreadable, self.wire.behaviour = False, "works"
        self.articles.append("the last")
        for _ in range(8):
            self.live(24 * 5)


EVENTS = st.one_of(
    st.tuples(st.just("article"), st.integers(1, 3)),
    st.tuples(st.just("pass"), st.sampled_from([0.25, 1, 5, 24, 24 * 3, 24 * 9, 24 * 40])),
    st.tuples(st.just("wire"), st.sampled_from(sorted(OUTCOMES))),
    st.tuples(st.just("sources"), st.booleans()),
)


def play(world: World, events: list[tuple[str, object]]) -> None:
    for kind, value in events:
        if kind == "article":
            world.articles += [f"article {len(world.articles) + number}" for number in range(value)]
        elif kind == "pass":
            world.live(value)
        elif kind == "wire":
            world.wire.behaviour = value
        else:
            world.unreadable = value


@pytest.mark.slow
@given(
    cron=st.sampled_from(CRONS),
    catch_up=st.sampled_from([CatchUp.LATEST, CatchUp.ALL]),
    events=st.lists(EVENTS, min_size=3, max_size=14),
)
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
def test_every_article_reaches_the_reader_once_whatever_happened(cron, catch_up, events):
    with tempfile.TemporaryDirectory() as folder:
        world = World(store=store_at(folder), schedule=Schedule(cron=cron, catch_up=catch_up))
        world.live(0)
        play(world, events)
        world.come_to_rest()
        arrived = Counter(article for issue in world.wire.taken for article in world.issues[issue])
        assert arrived == Counter(world.articles)
        world.store.close()


@pytest.mark.parametrize("catch_up", [CatchUp.LATEST, CatchUp.ALL])
@pytest.mark.parametrize("days", [2, 9, 40])
def test_a_pause_kills_no_copy(tmp_path, catch_up, days):
    world = World(store=store_at(tmp_path), schedule=Schedule(cron="0 7 * * *", catch_up=catch_up))
    world.live(0)
    world.articles = ["one", "two"]
    world.live(24 * days)
    assert len(world.wire.taken) == 1
    assert {row.state for row in world.store.operator.list_deliveries()} == {"sent"}


def test_an_issue_that_waited_for_a_way_out_until_it_was_stale_is_told_by_the_next(tmp_path):
    world = World(store=store_at(tmp_path), schedule=Schedule(cron="0 7 * * *"))
    world.live(0)
    world.articles, world.wire.behaviour = ["one"], "later"
    world.live(24)
    world.live(24 * 2 + 1)
    first = world.store.issues.find_issue("nato", "2026-11-21")
    assert (first.state, first.reason) == ("failed", "reached nobody: 1 of 1 copies: given up: the issue is stale")
    world.wire.behaviour = "works"
    world.live(24)
    assert world.issues[world.wire.taken[0]] == ["one"]


def test_a_random_life_is_the_same_twice(tmp_path):
    taken = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        dice = random.Random(3)
        world = World(store=store_at(tmp_path / folder), schedule=Schedule(cron="0 * * * *"))
        for _ in range(20):
            world.articles.append(str(len(world.articles)))
            world.wire.behaviour = dice.choice(sorted(OUTCOMES))
            world.live(dice.choice([1, 30]))
        taken.append(world.wire.taken)
    assert taken[0] == taken[1] != []
