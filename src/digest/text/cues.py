"""Small words that readers go by, per language: abbreviations, pronouns, connectives, verbs of speech.

The lists are the files `cues/<language>.toml`; to know a further language is to add a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageCues:
    """The lists of one language, lower case; all empty for a language without a file."""

    joined: frozenset[str] = frozenset()  # abbreviations that never end a sentence
    open: frozenset[str] = frozenset()  # abbreviations that end one before a likely first word only
    named: frozenset[str] = frozenset()  # those of both that are ordinary words in lower case
    numbered: frozenset[str] = frozenset()  # abbreviations before a number, words elsewhere
    ordinals: bool = False  # "3." is an ordinal number
    capital_nouns: bool = False  # a capital letter says nothing about names
    pronoun: frozenset[str] = frozenset()  # openers that point back
    person: frozenset[str] = frozenset()  # pronouns that stand for a speaker
    calendar: frozenset[str] = frozenset()  # months and days that are written like names
    connective: frozenset[str] = frozenset()  # openers that continue or contradict what came before
    author: frozenset[str] = frozenset()  # the first person, as written: "us" is not "US"
    reader: frozenset[str] = frozenset()  # words that speak to the reader
    aside: frozenset[str] = frozenset()  # words that begin an aside after a comma
    ahead: frozenset[str] = frozenset()  # openers before a comma that change no claim
    speech: frozenset[str] = frozenset()  # words that attribute a quotation


@cache
def language_cues(language: str) -> LanguageCues:
    """The cues of a language (ISO 639-1)."""
    import tomllib

    path = files("digest.text") / "cues" / f"{language}.toml"
    if not language.isalpha() or not path.is_file():
        return LanguageCues()
    data = tomllib.loads(path.read_text("utf-8"))
    lists = {name: frozenset(value) for name, value in data.items() if isinstance(value, list)}
    return LanguageCues(**lists, ordinals="ordinals" in data, capital_nouns="capital_nouns" in data)
