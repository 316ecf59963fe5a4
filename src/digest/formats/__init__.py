"""Formats: how the bytes of one kind of document become lines in reading order."""
