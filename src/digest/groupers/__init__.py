"""Groupers: each says of every story which theme it belongs to, and why."""
