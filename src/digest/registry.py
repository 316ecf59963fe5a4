"""Names of the configuration to the classes behind them: the built-in table first, then entry points.

A third party adds a plug-in with an entry point, by the same door that the built-in ones use:

    [project.entry-points."digest.sources"]
    gopher = "my_package.gopher:Gopher"

A plug-in is a frozen dataclass; its fields are its options. The built-in name wins, so that an
installed package cannot change what a configuration means.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from digest.errors import UsageError

BUILT_IN: dict[str, dict[str, str]] = {
    "sources": {
        "feed": "digest.sources.feed:FeedSource",
        "files": "digest.sources.files:FilesSource",
        "issues": "digest.sources.issues:IssuesSource",
        "imap": "digest.sources.imap:ImapSource",
        "mail": "digest.sources.mail:MailSource",
        "opml": "digest.sources.opml:OpmlSource",
        "page": "digest.sources.page:PageSource",
        "sitemap": "digest.sources.sitemap:SitemapSource",
        "stdin": "digest.sources.stdin:StdinSource",
    },
    "formats": {
        "text": "digest.formats.text:TextFormat",
        "html": "digest.formats.html:HtmlFormat",
        "eml": "digest.formats.eml:EmlFormat",
    },
    "groupers": {
        "configured": "digest.groupers.configured:ConfiguredGrouper",
        "discovered": "digest.groupers.discovered:DiscoveredGrouper",
    },
    "summarisers": {
        "directed": "digest.summarisers.directed:DirectedSummariser",
        "lead": "digest.summarisers.lead:LeadSummariser",
        "sumy": "digest.summarisers.sumy:SumySummariser",
    },
    "channels": {
        "folder": "digest.channels.folder:FolderChannel",
        "maildir": "digest.channels.maildir:MaildirChannel",
        "sendmail": "digest.channels.sendmail:SendmailChannel",
        "smtp": "digest.channels.smtp:SmtpChannel",
        "webhook": "digest.channels.webhook:WebhookChannel",
    },
}


def plugin_names(family: str) -> list[str]:
    """Every name known in a family of plug-ins, sorted."""
    return sorted({*BUILT_IN[family], *(point.name for point in entry_points(group=f"digest.{family}"))})


def name_of_plugin(family: str, plugin: object) -> str:
    """The name under which a plug-in stands in configurations, the store and what users see.

    A class that no table names (made by hand in Python) goes by its own name in lower case.
    """
    for name in (*BUILT_IN[family], *plugin_names(family)):
        if find_plugin(family, name) is type(plugin):
            return name
    return type(plugin).__name__.lower()


def load_formats() -> dict[str, Any]:
    """Every installed format by the kind of document that it reads."""
    return {name: find_plugin("formats", name)() for name in plugin_names("formats")}


def kinds_by_suffix() -> dict[str, str]:
    """Suffix of a file -> kind of document, for the installed formats that claim suffixes (`suffixes = (".pdf",)`)."""
    claims = {name: getattr(find_plugin("formats", name), "suffixes", ()) for name in plugin_names("formats")}
    return {suffix: name for name, suffixes in claims.items() for suffix in suffixes}


@cache
def find_plugin(family: str, name: str) -> type[Any]:
    """The class behind a name; UsageError when there is none."""
    target = BUILT_IN[family].get(name)
    if target is not None:
        module, _, attribute = target.partition(":")
        plugin: type[Any] = getattr(import_module(module), attribute)
        return plugin
    for point in entry_points(group=f"digest.{family}", name=name):
        loaded: type[Any] = point.load()
        return loaded
    raise UsageError(f"no {family[:-1]} is named {name!r} (known: {', '.join(plugin_names(family))})")
