"""Stores: where the truth lives between two runs."""
