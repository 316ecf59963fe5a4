"""feed: RSS, Atom, RDF and JSON feeds."""

from digest.sources.feed.source import FeedSource

__all__ = ["FeedSource"]
