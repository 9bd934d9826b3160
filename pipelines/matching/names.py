"""Names of firms as they are compared: cleaned to words, and the levels at which two of them agree."""

import polars as pl

from pipelines.matching.legal_forms import LegalForms, padded, unpadded
from pipelines.matching.similarity import similarity_sql
from pipelines.matching.spelling import folded, initials_joined, latin, plain

__all__ = ["cleaned", "similarity_sql"]


class CommonWords:
    """Words of the seed by what they are: joining, number, last_number, short (an abbreviation) or common."""

    def __init__(self, seed: pl.DataFrame) -> None:
        words = seed.with_columns(native=plain(pl.col("word"))).with_columns(word=latin(pl.col("native")))
        says_little = pl.col("kind").is_in(["joining", "inner", "common"])
        self.said_little = words.filter(says_little).select(form=padded(pl.col("native")))["form"].unique().to_list()
        self.last = self._means(words.filter(kind="last_number"))
        words = words.filter(~pl.col("kind").is_in(["last_number", "city"])).unique(
            "word", keep="first", maintain_order=True
        )
        self.kind = dict(words.select("word", "kind").iter_rows())
        self.means = self._means(words.filter(pl.col("kind").is_in(["number", "short"])))

    @staticmethod
    def _means(words: pl.DataFrame) -> dict[str, str]:
        return dict(words.select("word", pl.col("means").fill_null("")).iter_rows())


def cleaned(names: pl.Series, legal_forms: pl.DataFrame, common_words: pl.DataFrame) -> pl.DataFrame:
    """One row per distinct name: its words, what is rare in them, and its legal form."""
    common = CommonWords(common_words)
    frame = (
        names.alias("written").drop_nulls().unique(maintain_order=True).to_frame().with_columns(name=pl.col("written"))
    )
    forms = LegalForms(legal_forms)
    frame = forms.without(frame.with_row_index("id"))
    frame = frame.with_columns(core=_fallback([*forms.spellings["form"], *common.said_little])).with_columns(
        core=initials_joined(unpadded(latin(pl.col("core"))))
    )
    words = _words(frame.select("id", word=pl.col("core").str.split(" ")), common)
    return (
        frame.select("id", "written", "legal_form")
        .join(words, on="id", how="left")
        .drop("id")
        .rename({"written": "name"})
    )


def _fallback(little: list[str]) -> pl.Expr:
    """A name made of nothing but forms and common words keeps as much as it needs to say something."""
    stages = ["core", "bare", "kept"]
    rare = pl.coalesce(
        pl.when(pl.col(stage).str.replace_many(little, [""], leftmost=True).str.strip_chars() != "").then(stage)
        for stage in stages
    )
    return pl.coalesce(rare, *(pl.when(pl.col(stage) != "").then(stage) for stage in [*stages, "name"]), "written")


def _words(frame: pl.DataFrame, common: CommonWords) -> pl.DataFrame:
    words = (
        frame.explode("word")
        .filter(pl.col("word") != "")
        .with_columns(
            last=pl.col("id") != pl.col("id").shift(-1, fill_value=2**32 - 1),
            first=pl.col("id") != pl.col("id").shift(1, fill_value=2**32 - 1),
        )
    )
    kind = pl.col("word").replace_strict(common.kind, default="rare", return_dtype=pl.String)
    closing = pl.col("last") & ~pl.col("first") & pl.col("word").is_in(list(common.last))
    means = pl.when(closing).then(pl.col("word").replace(common.last)).otherwise(pl.col("word").replace(common.means))
    words = words.with_columns(kind=pl.when(closing).then(pl.lit("number")).otherwise(kind), word=means).with_columns(
        kind=pl.when(pl.col("kind") == "short")
        .then(pl.col("word").replace_strict(common.kind, default="rare"))
        .otherwise("kind")
    )
    words = words.with_columns(
        is_number=(pl.col("kind") == "number") | pl.col("word").str.contains(r"\d"), folded=folded(pl.col("word"))
    )
    words = words.filter(pl.col("word") != "")
    words = words.filter((pl.col("kind") != "inner") | pl.col("first"))
    said = words.filter((pl.col("kind") != "joining") | (pl.col("kind") != "joining").any().over("id").not_())
    word, letters = pl.col("word"), pl.col("folded").filter(~pl.col("is_number"))
    rare = pl.col("folded").filter((pl.col("kind") == "rare") & ~pl.col("is_number")).unique().sort()
    initials = word.filter(word.str.len_chars() > 2)
    return (
        said.group_by("id", maintain_order=True)
        .agg(
            word.str.join(" ").alias("name_core"),
            word.sort().str.join(" ").alias("name_words"),
            word.str.join("").alias("name_compact"),
            letters.str.join("").alias("name_skeleton"),
            letters.sort().str.join("").alias("name_sounds"),
            letters.sort().alias("name_folded"),
            rare.alias("name_rare"),
            word.filter("is_number").sort().str.join(" ").alias("name_numbers"),
            pl.when(initials.len() > 2).then(initials.str.head(1).str.join("")).alias("name_initials"),
        )
        .with_columns(
            name_rare=pl.when(pl.col("name_rare").list.len() > 0)
            .then("name_rare")
            .otherwise(pl.col("name_words").str.split(" "))
        )
    )
