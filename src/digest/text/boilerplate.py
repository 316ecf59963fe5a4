"""The words that mark boilerplate, per language. A word alone never condemns a line: the rules ask for its shape too."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

PHRASE_LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pt")
TOKEN = re.compile(r"\w+")
NOT_WORD = re.compile(r"[^\w+@#]+")


@cache
def phrase_lists(language: str) -> PhraseLists:
    """The labels for a text in `language` (ISO 639-1): its own, and English ones, which are everywhere."""
    return PhraseLists(("en", language) if language in PHRASE_LANGUAGES and language != "en" else ("en",))


def comparison_key(text: str) -> str:
    """`text` for comparison: lower case, words only, one blank between them."""
    return NOT_WORD.sub(" ", text.lower().replace("’", "'").replace("'", "")).strip()


class PhraseLists:
    """The lists of some languages, each in the form that its rule asks for."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        lists: dict[str, list[str]] = {}
        for language in languages:
            for name, entries in _load_phrase_lists(language).items():
                lists.setdefault(name, []).extend(entries)
        self._lists = lists
        self._patterns: dict[tuple[str, bool], re.Pattern[str]] = {}
        self._firsts: dict[str, frozenset[str]] = {}  # first words: most lines have none, and need no search
        self._sets: dict[str, frozenset[str]] = {}

    def phrase_keys(self, name: str) -> frozenset[str]:
        """The entries of a list in loose form."""
        if name not in self._sets:
            self._sets[name] = frozenset(comparison_key(entry) for entry in self._lists.get(name, ()))
        return self._sets[name]

    def match_start(self, name: str, text: str) -> re.Match[str] | None:
        """A match when `text` begins with an entry of the list, as whole words, in any case."""
        return self._pattern_for(name, anchored=True).match(text)

    def find_phrases(self, name: str, text: str) -> list[str]:
        """The entries of the list that stand in `text`, as whole words, in any case."""
        if name not in self._firsts:
            self._firsts[name] = frozenset(TOKEN.findall(entry.lower())[0] for entry in self._lists.get(name, ()))
        if self._firsts[name].isdisjoint(_word_set(text)):
            return []
        return self._pattern_for(name, anchored=False).findall(text)

    def phrases(self, name: str) -> tuple[str, ...]:
        """The entries as they are written."""
        return tuple(self._lists.get(name, ()))

    def _pattern_for(self, name: str, *, anchored: bool) -> re.Pattern[str]:
        if (name, anchored) not in self._patterns:
            entries = sorted(set(self._lists.get(name, ())), key=lambda entry: (-len(entry), entry))
            body = "|".join(re.escape(entry).replace("'", "['’]").replace(r"\ ", r"\s") for entry in entries) or r"(?!)"
            edge = r"\s*" if anchored else r"(?<!\w)"
            self._patterns[name, anchored] = re.compile(rf"{edge}(?:{body})(?!\w)", re.IGNORECASE)
        return self._patterns[name, anchored]


@lru_cache(maxsize=64)
def _word_set(text: str) -> frozenset[str]:
    return frozenset(TOKEN.findall(text.lower()))


@cache
def _load_phrase_lists(language: str) -> dict[str, list[str]]:
    data = tomllib.loads((files("digest.text") / "labels" / f"{language}.toml").read_text("utf-8"))
    return {name: [str(entry) for entry in entries] for name, entries in data.items()}
