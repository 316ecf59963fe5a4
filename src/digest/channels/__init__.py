"""Channels: the ways out. Each is a frozen dataclass whose fields are its options in config.yaml."""
