"""What people write in an afternoon, as the command that the scorer of a week calls: `plain_digest.py lead|titles send --at DAY`.

Reads the feeds of config.yaml, keeps what it saw in seen.json, and writes issue.json. `lead` prints every new entry with its first three
sentences; `titles` also tells entries as one whose titles share half of their words, within the minutes of the configuration.
"""

from __future__ import annotations

import json
import re
import sys
from html import unescape
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]
import yaml

WORDS_A_MINUTE = 230


def sentences_of(entry: Any) -> list[str]:
    text = unescape(re.sub(r"<[^>]+>", " ", entry.content[0].value if "content" in entry else entry.get("summary", "")))
    return re.split(r"(?<=[.!?]) +", " ".join(text.split()))[:3]


def new_entries(config: dict[str, Any]) -> list[Any]:
    """Entries that no earlier call saw."""
    memory = Path("seen.json")
    seen = set(json.loads(memory.read_text("utf-8"))) if memory.exists() else set()
    sources = next(iter(config["editions"].values()))["sources"]
    entries = [entry for source in sources for entry in feedparser.parse(source["url"]).entries]
    fresh = [entry for entry in entries if entry.id not in seen]
    memory.write_text(json.dumps(sorted(seen | {entry.id for entry in entries})), encoding="utf-8")
    return fresh


def cluster_titles(entries: list[Any]) -> list[list[Any]]:
    """Greedy groups of entries whose titles share at least half of the shorter one's words."""
    groups: list[tuple[set[str], list[Any]]] = []
    for entry in entries:
        words = set(re.findall(r"\w{3,}", entry.title.lower()))
        for known, members in groups:
            if len(words & known) * 2 >= min(len(words), len(known)) > 0:
                members.append(entry)
                break
        else:
            groups.append((words, [entry]))
    return [members for _, members in groups]


def main() -> None:
    method, day = sys.argv[1], sys.argv[sys.argv.index("--at") + 1][:10]
    config = yaml.safe_load(Path("config.yaml").read_text("utf-8"))
    edition = next(iter(config["editions"].values()))
    fresh = new_entries(config)
    groups = [[entry] for entry in fresh] if method == "lead" else sorted(cluster_titles(fresh), key=len, reverse=True)
    limit = WORDS_A_MINUTE * (edition.get("length") or {}).get("minutes", 8) if method == "titles" else float("inf")
    stories, left, words = [], [], 0
    for lead, *others in groups:
        said = sentences_of(lead)
        words += len(f"{lead.title} {' '.join(said)}".split())
        if words > limit:
            left += [{"id": one.id, "title": one.title, "url": one.link, "reason": "full"} for one in (lead, *others)]
            continue
        also = [{"id": one.id, "url": one.link} for one in others]
        told = [{"text": text, "article": lead.id} for text in said]
        stories.append({"id": lead.id, "title": lead.title, "url": lead.link, "also": also, "sentences": told})
    top = [{"article": story["id"], "text": story["sentences"][0]["text"]} for story in stories[:3]]
    folder = Path("issues/week") / day
    folder.mkdir(parents=True, exist_ok=True)
    issue = {
        "top": top,
        "sections": [{"brief": [], "stories": stories}],
        "left_out": left,
        "counts": {"minutes": max(1, round(words / WORDS_A_MINUTE))},
    }
    (folder / "issue.json").write_text(json.dumps(issue), encoding="utf-8")


if __name__ == "__main__":
    main()
