"""Saved issues: how one is written, read again, outlined and explained."""
