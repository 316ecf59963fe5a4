from tests.web import web

__all__ = ["web"]
