"""The world outside, as sources may use it: what they remember, and the one polite, guarded way to the network."""
