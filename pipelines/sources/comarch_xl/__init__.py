"""Comarch ERP XL, an ERP, read from its database (Microsoft SQL Server, schema CDN)."""

from pipelines.sources.comarch_xl.streams import STREAMS

__all__ = ["STREAMS"]
