"""The outbox against a naive model in memory: senders that claim, intend, send, fail, die and come back in any order.

After every event the store and the model agree on the state of every delivery, no delivery is in two hands, none is lost, and
none that was sent is ever handed over again.
"""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from digest.delivery.model import AttemptResult, DeliveryState, Outcome, Phase, Ruling, Verdict
from digest.stores.sql import Store
from tests.delivery.rows import crowd, published, store_at

READERS = 6
LEASE = 60.0
RESEND = Ruling(state=DeliveryState.PENDING, resent=True)
HOLD = Ruling(state=DeliveryState.UNKNOWN)
RESULTS = {
    DeliveryState.SENT: Verdict.SENT,
    DeliveryState.DEFERRED: Verdict.TEMPORARY,
    DeliveryState.DEAD: Verdict.MAILBOX,
    DeliveryState.PENDING: Verdict.CONNECTION,
}


@dataclass
class Expected:
    """What the model knows of one delivery."""

    state: str = "pending"
    owner: str | None = None
    lease: float = 0.0
    due: float = 0.0
    tried: int = 0
    handed_over: int = 0  # times that an intent stood


@dataclass
class Sender:
    """A run of a sender: what it has in hand."""

    name: str
    claimed: list[int] = field(default_factory=list)
    sending: list[int] = field(default_factory=list)


class World:
    """The store, the model, two senders, and everything that can happen to them."""

    def __init__(self, store: Store, dice: random.Random) -> None:
        self.store, self.dice = store, dice
        self.issue = published(self.store, crowd(READERS), now=1000.0)
        self.now = 2000.0
        self.dead: set[str] = set()
        self.senders = [Sender(self.store.runs.sign_on()) for _ in range(2)]
        self.model = {row.id: Expected() for row in self.store.operator.list_deliveries()}

    def one_claims(self) -> None:
        sender, limit = self.dice.choice(self.senders), self.dice.randint(1, 4)
        rows = self.store.outbox.claim(self.issue, "smtp", owner=sender.name, now=self.now, lease=LEASE, limit=limit)
        waiting = [one for one in self.model.values() if one.state in {"pending", "deferred"} and one.due <= self.now]
        assert len(rows) == min(limit, len(waiting))
        for row in rows:
            known = self.model[row.id]
            assert known.state in {"pending", "deferred"}
            assert known.due <= self.now
            known.state, known.owner, known.lease = "claimed", sender.name, self.now + LEASE
            sender.claimed.append(row.id)

    def one_intends_to_send(self) -> None:
        sender = self.dice.choice(self.senders)
        if not sender.claimed:
            return
        row = sender.claimed.pop(self.dice.randrange(len(sender.claimed)))
        known = self.model[row]
        mine = known.owner == sender.name and known.state == "claimed"
        assert self.store.outbox.commit_and_intend([], row, owner=sender.name) is mine
        if mine:
            known.state = "sending"
            known.handed_over += 1
            sender.sending.append(row)

    def one_hears_what_became_of_it(self) -> None:
        sender = self.dice.choice(self.senders)
        if not sender.sending:
            return
        to, later = self.dice.choice(sorted(RESULTS)), self.dice.choice([0.0, 30.0, 300.0])
        row = sender.sending.pop()
        known = self.model[row]
        due = self.now + later if to in {DeliveryState.DEFERRED, DeliveryState.PENDING} else 0.0
        result = AttemptResult(
            row=row,
            number=known.tried + 1,
            state=to,
            outcome=Outcome(verdict=RESULTS[to], phase=Phase.DOT, code=250),
            started=self.now,
            ended=self.now,
            not_before=due,
            counted=to is not DeliveryState.PENDING,
        )
        self.store.outbox.commit_and_intend([result], None, owner=sender.name)
        if known.owner == sender.name and known.state in {"sending", "claimed"}:  # also when it was claimed anew
            known.state, known.owner, known.due = str(to), None, due
            known.tried += to is not DeliveryState.PENDING

    def one_gives_back_what_it_did_not_touch(self) -> None:
        sender = self.dice.choice(self.senders)
        self.store.outbox.release(sender.claimed, owner=sender.name)
        for row in sender.claimed:
            known = self.model[row]
            if known.owner == sender.name and known.state == "claimed":
                known.state, known.owner = ("deferred" if known.tried else "pending"), None
        sender.claimed = []

    def one_renews_its_leases(self) -> None:
        sender = self.dice.choice(self.senders)
        self.store.outbox.renew(owner=sender.name, until=self.now + LEASE)
        for known in self.model.values():
            if known.owner == sender.name and known.state in {"claimed", "sending"}:
                known.lease = self.now + LEASE

    def one_dies_and_another_starts(self) -> None:
        which = self.dice.randrange(2)
        self.store.runs.sign_off(self.senders[which].name)
        self.dead.add(self.senders[which].name)
        self.senders[which] = Sender(self.store.runs.sign_on())

    def time_passes(self) -> None:
        self.now += self.dice.choice([1.0, 29.0, 61.0])

    def somebody_puts_things_in_order(self) -> None:
        ruling = self.dice.choice([RESEND, HOLD])
        sure, ambiguous = self.store.outbox.recover_abandoned({"smtp": ruling}, now=self.now)
        expected = [0, 0]
        for known in self.model.values():
            abandoned = known.owner in self.dead or known.lease < self.now
            if known.state == "claimed" and abandoned:
                expected[0] += 1
                known.state, known.owner = ("deferred" if known.tried else "pending"), None
            elif known.state == "sending" and abandoned:
                expected[1] += 1
                known.state, known.owner, known.due = str(ruling.state), None, 0.0
        assert [sure, ambiguous] == expected

    def an_operator_answers_for_what_is_in_doubt(self) -> None:
        doubtful = [row for row, known in self.model.items() if known.state == "unknown"]
        ruling = Ruling(state=DeliveryState.SENT)
        assert self.store.outbox.apply_ruling([*self.model], ruling, text="seen", now=self.now) == len(doubtful)
        for row in doubtful:
            self.model[row].state = "sent"

    def check(self) -> None:
        """The store and the model agree, and nothing counts as sent that was never handed over."""
        found = {row.id: row.state for row in self.store.operator.list_deliveries()}
        assert found == {row: known.state for row, known in self.model.items()}
        assert all(known.handed_over for known in self.model.values() if known.state == "sent")


EVENTS = [
    *4 * [World.one_claims],
    *8 * [World.one_intends_to_send],
    *6 * [World.one_hears_what_became_of_it],
    *2 * [World.time_passes],
    World.one_gives_back_what_it_did_not_touch,
    World.one_renews_its_leases,
    World.one_dies_and_another_starts,
    World.somebody_puts_things_in_order,
    World.an_operator_answers_for_what_is_in_doubt,
]


@pytest.mark.parametrize("seed", range(25))
def test_whatever_happens_the_store_knows_where_every_delivery_is(tmp_path: Path, seed: int):
    dice = random.Random(seed)
    with closing(store_at(tmp_path)) as store:
        world = World(store, dice)
        for _ in range(150):
            dice.choice(EVENTS)(world)
            world.check()
        assert sum(known.handed_over for known in world.model.values()) >= 1


@pytest.mark.parametrize("seed", range(10))
def test_when_everybody_works_on_every_delivery_ends(tmp_path: Path, seed: int):
    dice = random.Random(seed)
    with closing(store_at(tmp_path)) as store:
        world = World(store, dice)
        for _ in range(60):
            dice.choice(EVENTS)(world)
        for _ in range(200):
            world.now += 301.0
            for event in (World.somebody_puts_things_in_order, World.an_operator_answers_for_what_is_in_doubt):
                event(world)
            for event in (World.one_claims, World.one_intends_to_send, World.one_hears_what_became_of_it):
                event(world)
        world.check()
        assert {known.state for known in world.model.values()} <= {"sent", "dead"}
