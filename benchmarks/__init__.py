"""What `make bench` runs: every figure beside a named peer, measured in the same run."""
