"""Turn many articles into one e-mail worth reading: verbatim, on time, once."""

__version__ = "0.1.0"
