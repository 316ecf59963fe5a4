"""Feeds as tests write them."""

from __future__ import annotations

from html import escape

LONG = "<p>" + "The harbour council voted on Tuesday to keep the ferry running through the winter. " * 20 + "</p>"


def item(
    number: int | str,
    *,
    text: str = LONG,
    link: str | None = "",
    guid: str | None = "",
    title: str | None = None,
    date: str = "",
) -> str:
    """An RSS item; empty link and guid are made from the number, None leaves them out."""
    parts = [f"<title>{escape(title or f'Story {number}')}</title>"]
    if link is not None:
        parts.append(f"<link>{escape(link or f'https://news.example/{number}')}</link>")
    if guid is not None:
        parts.append(f"<guid isPermaLink='false'>{escape(guid or f'id-{number}')}</guid>")
    if date:
        parts.append(f"<pubDate>{date}</pubDate>")
    return f"<item>{''.join(parts)}<description>{escape(text)}</description></item>"


def rss(*items: str, head: str = "") -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>{head}<rss version="2.0"><channel><title>News</title>{"".join(items)}</channel></rss>'
