"""config.yaml becomes finished, frozen objects; every mistake is told at once, with line and column."""

from digest.config.edition import Alarming, Config, Edition
from digest.config.load import load, summariser_named
from digest.config.show import finished, schema
from digest.config.themes import grouper_from_file

__all__ = ["Alarming", "Config", "Edition", "finished", "grouper_from_file", "load", "schema", "summariser_named"]
