"""config.yaml becomes finished, frozen objects; every mistake is told at once, with line and column."""

from digest.config.edition import AlarmRecipients, Config, Edition
from digest.config.load import load
from digest.config.show import config_as_data, config_schema
from digest.config.summarisers import summariser_named
from digest.config.themes import read_grouper_file

__all__ = [
    "AlarmRecipients",
    "Config",
    "Edition",
    "config_as_data",
    "config_schema",
    "load",
    "read_grouper_file",
    "summariser_named",
]
