"""Salesforce as a test meets it: its records, and the two streams in which it gets into trouble."""

from tests.vendor_records import salesforce_records as records

__all__ = ["ENTITY", "STREAMS", "TABLE", "records"]

STREAMS, ENTITY, TABLE = "accounts users", "Account", "accounts"
