"""Turn many articles into one e-mail worth reading: verbatim, on time, once.

    import digest

    built = digest.build(["The first article ...", "The second ..."], themes=["Harbour"])
    print(built.text)

What stands in `__all__` is the public interface; everything is imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from digest.version import __version__

if TYPE_CHECKING:
    from digest.api import build, load
    from digest.config.edition import Config, Edition
    from digest.model import Article, Issue, Letter
    from digest.pipeline import BuiltIssue

__all__ = ["Article", "BuiltIssue", "Config", "Edition", "Issue", "Letter", "__version__", "build", "load"]

_PLACES = {
    "Article": "digest.model",
    "BuiltIssue": "digest.pipeline",
    "Config": "digest.config.edition",
    "Edition": "digest.config.edition",
    "Issue": "digest.model",
    "Letter": "digest.model",
    "build": "digest.api",
    "load": "digest.api",
}


def __getattr__(name: str) -> Any:
    """A public name, imported now (PEP 562): `import digest` stays instant."""
    if name not in _PLACES:
        raise AttributeError(f"module 'digest' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_PLACES[name]), name)
