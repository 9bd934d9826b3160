"""enova365's log of changes: who entered a document, who approved it, who cancelled it. It only grows."""

import polars as pl

from pipelines.sandbox.agency import words
from pipelines.sandbox.agency.enova_documents import guids
from pipelines.sandbox.agency.enova_words import ANNULLED, ENDORSED, MADE, moment
from pipelines.sandbox.business.numbering import numbered


def log(company, ids: pl.DataFrame, orders: pl.DataFrame, written: pl.DataFrame, corrections: pl.DataFrame):
    """A draft that was dropped is still remembered here, and nowhere else."""
    now = company.now
    happened = [
        ids.select("id", t="t_entered", what=pl.lit(MADE)),
        orders.select("id", t="t_released", what=pl.lit(ENDORSED)),
        orders.select("id", t="t_cancelled", what=pl.lit(ANNULLED)),
        written.filter(~pl.col("is_draft")).select("id", t="t_posted", what=pl.lit(ENDORSED)),
        written.filter(~pl.col("is_draft")).select("id", t="t_undone", what=pl.lit(ANNULLED)),
        corrections.select("id", t="t_posted", what=pl.lit(ENDORSED)),
    ]
    known = numbered(pl.concat(happened, how="vertical_relaxed"), "t", now, "", 1, "id", "what")
    return known.select(
        ID="place",
        SourceTable=pl.lit("DokHandlowe"),
        SourceGuid=guids(known["id"]),
        Type="what",
        Time=moment(pl.col("t")),
        Operator=len(words.SELLERS) + pl.col("id") % len(words.MANAGERS) + 1,
    )
