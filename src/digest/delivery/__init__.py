"""Delivery: every reader gets every issue once, or a named row says why not."""
