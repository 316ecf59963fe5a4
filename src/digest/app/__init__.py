"""What a command does, without a command line: making, sending, alarms, the daemon, the editor's work."""
