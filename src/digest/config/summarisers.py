"""Summarisers by the names that a configuration and the command line give them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from digest import registry
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.stages.summarise import Summariser


def summariser_named(method: str) -> Summariser:
    """A summariser with its default options: `directed`, `lead`, `sumy-lexrank`, ..."""
    cls, options = summariser_class(method)
    made: Summariser = cls(**options)
    return made


def summariser_class(method: str) -> tuple[type[Any], dict[str, str]]:
    """The class behind a method's name and the options that the name implies; UsageError for an unknown one."""
    if not method.startswith("sumy-"):
        return registry.find_plugin("summarisers", method), {}
    cls = registry.find_plugin("summarisers", "sumy")
    names = {name.replace("-", ""): name for name in get_args(get_type_hints(cls)["method"])}
    wanted = method.removeprefix("sumy-").replace("-", "")
    if wanted not in names:
        raise UsageError(f"no summariser is named {method!r} (known: {', '.join(f'sumy-{name}' for name in names)})")
    return cls, {"method": names[wanted]}
