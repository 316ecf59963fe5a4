"""E-mail as RFC 5322 has it: addresses, header fields, messages."""
