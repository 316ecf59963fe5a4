"""Queries: which articles somebody means, in a small grammar. `docs/reference/queries.md` describes it.

(Patriot OR "air defence") AND NOT title:sport
"""

from __future__ import annotations

from digest.queries.match import find_hits, matches_query
from digest.queries.syntax import Node, QueryError, parse_query

__all__ = ["Node", "QueryError", "find_hits", "matches_query", "parse_query"]
