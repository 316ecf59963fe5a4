"""The stages of the pipeline, each a plain function; no stage imports another."""
