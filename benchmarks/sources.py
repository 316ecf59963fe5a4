"""Feeds beside feedparser: the same reading, the time it takes, and a thousand of them polled on loopback."""

from __future__ import annotations

import asyncio
import calendar
import io
import json
import subprocess
import sys
import tarfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.table import DATA, Row, Skipped, have

if TYPE_CHECKING:
    from collections.abc import Callable

CORPUS = "feeds/feedparser-corpus.tar.gz"
FEEDS, ITEMS, LATENCY = 1_000, 20, 0.05
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
EVERYWHERE = ("count", "title", "link", "date")


def rows() -> list[Row | Skipped]:
    """Agreement (needs the corpus), speed and polling (need nothing)."""
    found: list[Row | Skipped] = []
    if have(CORPUS):
        share, answers = agreement()
        what = "feeds with the same count, titles, links, dates"
        found.append(Row(area="sources", what=what, ours=share, peer="feedparser", theirs=1.0, goal=">= 0.99"))
        found.append(
            Row(area="sources", what="files answered", ours=answers[0], peer="files", theirs=answers[1], goal="1")
        )
    else:
        found.append(Skipped(area="sources", why=f"{CORPUS} is not on this machine"))
    ours, theirs = speed()
    found.append(
        Row(
            area="sources",
            what="clean RSS, 200 items",
            ours=ours,
            peer="feedparser",
            theirs=theirs,
            goal="<= 0.05",
            unit="ms",
        )
    )
    mine = json.loads(subprocess.run([sys.executable, "-m", __name__, "poll"], capture_output=True, check=True).stdout)
    peer = json.loads(subprocess.run([sys.executable, "-m", __name__, "peer"], capture_output=True, check=True).stdout)
    for what, key, goal in (("first", "first", "<= 10 s"), ("second (304)", "second", "<= 6 s")):
        row = Row(area="sources", what=f"{FEEDS} feeds, {what} poll", ours=mine[key], peer="feedparser, 32 threads",
                  theirs=peer["first"], goal=goal, unit="s")  # fmt: skip
        found.append(row)
    found.append(
        Row(
            area="sources",
            what="peak memory of both polls",
            ours=mine["mb"],
            peer="feedparser, 32 threads",
            theirs=peer["mb"],
            goal="<= 300 MB",
            unit="MB",
        )
    )
    return found


def feed(items: int, paragraphs: int = 12, host: str = "news.example") -> bytes:
    """A clean RSS 2.0 feed."""
    text = "".join(
        f"<p>Ministers agreed on Wednesday to expand the mission, officials said, {n}.</p>" for n in range(paragraphs)
    )
    body = "".join(
        f"<item><title>Story {n} &amp; what it means</title><link>https://{host}/{n}</link><guid>https://{host}/{n}</guid>"
        f"<pubDate>{format_datetime(NOW - timedelta(minutes=n))}</pubDate><description>{escape(text)}</description></item>"
        for n in range(items)
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title>{body}</channel></rss>'.encode()


def agreement() -> tuple[float, tuple[int, int]]:
    """Share of the corpus' feeds with entries that read as feedparser reads them; answers and files."""
    from digest.errors import SourceError
    from digest.sources.feed.parse import parse_feed

    same = total = answers = files = 0
    with tarfile.open(DATA / CORPUS) as tar:
        for member in tar:
            stream = tar.extractfile(member) if member.isfile() and not member.name.endswith("LICENSE") else None
            if stream is None:
                continue
            data, files = stream.read(), files + 1
            try:
                mine = [(entry.title, entry.link, entry.published) for entry in parse_feed(data).entries]
            except SourceError:
                mine = []
            answers += 1
            theirs = reference(data)
            if theirs:
                total += 1
                same += len(mine) == len(theirs) and all(map(alike, mine, theirs))
    return same / total, (answers, files)


def reference(data: bytes) -> list[tuple[str | None, str | None, int | None]]:
    """Title, link and moment of each entry, as feedparser reads them."""
    import warnings

    import feedparser

    warnings.simplefilter("ignore", DeprecationWarning)
    found = []
    for entry in feedparser.parse(io.BytesIO(data)).entries:
        parsed = entry.get("published_parsed") or entry.get("updated_parsed")
        found.append((entry.get("title"), entry.get("link"), calendar.timegm(parsed) if parsed else None))
    return found


def alike(mine: tuple[Any, ...], theirs: tuple[Any, ...]) -> bool:
    """Equal, but for the markup of a title and for dates before 1990 or after 2027, which may be left out."""
    from digest.sources.feed.sanitise import plain_text

    moment = mine[2]
    if moment is not None and not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    seconds = int(moment.timestamp()) if moment else None
    odd = theirs[2] is not None and not 631152000 <= theirs[2] < 1830297600
    return (
        (plain_text(mine[0]) or "") == (plain_text(plain_text(theirs[0])) or "")
        and (mine[1] or "") == (theirs[1] or "").strip()
        and (seconds == theirs[2] or (odd and seconds is None))
    )


def speed() -> tuple[float, float]:
    """Milliseconds for a clean feed of 200 items: ours, feedparser's."""
    import feedparser

    from digest.sources.feed.parse import parse_feed

    data = feed(200)
    return best(lambda: parse_feed(data), 15), best(lambda: feedparser.parse(io.BytesIO(data)), 4)


def best(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds of CPU of the quickest round."""
    least = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        work()
        least = min(least, time.process_time() - begin)
    return 1000 * least


async def serve() -> None:
    """Answer every path with a feed of its own after 50 ms, or with 304; the port is the first line printed."""
    bodies: dict[str, bytes] = {}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split(" ", 2)[1]
        await asyncio.sleep(LATENCY)
        tag = f'"{path}"'
        if f"if-none-match: {tag}" in head.lower():
            writer.write(f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nConnection: close\r\n\r\n".encode())
        else:
            body = bodies.setdefault(path, feed(ITEMS, host=f"news.example{path}"))
            first = f"HTTP/1.1 200 OK\r\nETag: {tag}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            writer.write(first.encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def poll(port: int) -> dict[str, float]:
    """Seconds of two polls of all feeds, and the peak of memory in MB."""
    from digest.sources.feed import FeedSource
    from digest.stages.collect import FetchContext, InMemoryState, collect

    sources = [FeedSource(name=f"s{n}", url=f"http://127.0.0.1:{port}/f{n}", allow_private=True) for n in range(FEEDS)]
    memory, seconds, counts = InMemoryState(), [], []
    for now, since in ((NOW, None), (NOW + timedelta(hours=1), NOW)):
        begin = time.perf_counter()
        got = collect(sources, FetchContext(now=now, since=since, state=memory))
        seconds.append(time.perf_counter() - begin)
        counts.append(len(got.raws))
        assert not got.problems, got.problems[0]
    assert counts == [FEEDS * ITEMS, 0], counts
    return {"first": seconds[0], "second": seconds[1], "mb": peak()}


def peer(port: int) -> dict[str, float]:
    """The same by urllib and feedparser, which remember nothing: one poll."""
    from urllib.request import urlopen

    import feedparser

    def read(number: int) -> int:
        with urlopen(f"http://127.0.0.1:{port}/f{number}") as answer:
            return len(feedparser.parse(io.BytesIO(answer.read())).entries)

    begin = time.perf_counter()
    with ThreadPoolExecutor(32) as pool:
        assert sum(pool.map(read, range(FEEDS))) == FEEDS * ITEMS
    return {"first": time.perf_counter() - begin, "mb": peak()}


def peak() -> float:
    """MB of this program at most; `ru_maxrss` would count what started it as well, because it outlives exec."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    if sys.argv[1] == "serve":
        asyncio.run(serve())
        return
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.sources", "serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        print(json.dumps({"poll": poll, "peer": peer}[sys.argv[1]](port)))
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    main()
