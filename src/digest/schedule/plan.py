"""What to do about due slots: pure decisions, each of which becomes a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from digest.schedule.slots import CatchUp

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from digest.schedule.slots import Schedule, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotDecision:
    """One due slot: build it, or skip it for a reason."""

    slot: Slot
    reason: str = ""  # why there is no issue; "" means that there shall be one

    @property
    def is_to_be_built(self) -> bool:
        return not self.reason


def plan_slots(schedule: Schedule, zone: ZoneInfo, slots: list[Slot], now: datetime) -> list[SlotDecision]:
    """One decision for each due slot, in order: holidays first, then the rule for missed slots."""
    working = [slot for slot in slots if slot.instant.astimezone(zone).date() not in schedule.holidays]
    reasons = _reasons_to_skip(schedule, working, now)
    return [
        SlotDecision(slot=slot, reason=reasons.get(slot.label, "") if slot in working else "holiday") for slot in slots
    ]


def _reasons_to_skip(schedule: Schedule, slots: list[Slot], now: datetime) -> dict[str, str]:
    """Label -> reason, for the slots that get no issue of their own."""
    if schedule.catch_up is CatchUp.ALL:
        late = slots[: max(0, len(slots) - schedule.max_catch_up)]
        return {slot.label: f"more than {schedule.max_catch_up} missed" for slot in late}
    reasons = {}
    if schedule.catch_up is CatchUp.SKIP:
        oldest = now - timedelta(minutes=schedule.grace)
        reasons = {slot.label: "missed while down" for slot in slots if slot.instant < oldest}
        slots = [slot for slot in slots if slot.instant >= oldest]
    return reasons | {slot.label: f"merged into {slots[-1].label}" for slot in slots[:-1]}
