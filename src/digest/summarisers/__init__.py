"""Summarisers: plug-ins that rank the sentences of documents. They answer positions and cannot invent text."""
