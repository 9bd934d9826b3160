"""Takes the legal form off a name, wherever it stands, and says which class of form it was."""

from functools import cached_property

import polars as pl

from pipelines.matching.spelling import plain


def padded(words: pl.Expr) -> pl.Expr:
    """Each word with a blank of its own on both sides, so that words can be taken out without looking around them."""
    return " " + words.str.replace_all(" ", "  ", literal=True) + " "


def unpadded(words: pl.Expr) -> pl.Expr:
    return words.str.strip_chars().str.replace_all(" +", " ")


def _as_searched(form: pl.Expr) -> pl.Expr:
    """Chinese, Japanese and Korean put no blank between the name and its form."""
    return pl.when(form.str.contains(r"[\p{Han}\p{Hangul}]")).then(form).otherwise(padded(form))


class LegalForms:
    """The spellings of the seed, each as it is typed with dots, with blanks instead of dots, and glued."""

    def __init__(self, seed: pl.DataFrame) -> None:
        forms = seed.select("form_class", "place", form=pl.col("form").str.strip_chars())
        dotted = pl.col("form").str.contains(r"\p{L}\.")
        spellings = [
            forms,
            forms.filter(dotted).with_columns(form=pl.col("form").str.replace_all(".", " ", literal=True)),
            forms.filter(dotted).with_columns(form=pl.col("form").str.replace_all(r"\.\s*", "")),
        ]
        self.written = forms["form"].to_list()
        self.glued = forms.filter(place="glued")["form"].str.to_lowercase().to_list()
        self.spellings = (
            pl.concat(spellings)
            .select("form_class", "place", form=_as_searched(plain(pl.col("form"))))
            .filter(pl.col("form").str.strip_chars().str.len_chars() > 1)
            .sort(pl.col("form").str.len_chars(), "form", descending=[True, False])
            .unique(["form", "place"], keep="first", maintain_order=True)
        )

    @cached_property
    def class_of(self) -> dict[str, str | None]:
        """Spellings that two countries share for different forms are no evidence of either."""
        classes = self.spellings.filter(pl.col("form_class").fill_null("") != "")
        one = classes.group_by("form").agg(pl.col("form_class").unique()).filter(pl.col("form_class").list.len() == 1)
        return dict(zip(one["form"], one["form_class"].list.first(), strict=True))

    def at(self, *places: str, vague: bool = False) -> list[str]:
        says_nothing = pl.col("form_class").fill_null("") == ""
        return self.spellings.filter(pl.col("place").is_in(places), says_nothing == vague)["form"].to_list()

    def split_off(self, name: pl.Expr) -> pl.Expr:
        """SiemensAG and abcspzoo get their blank."""
        cased = [form for form in self.written if form.isalpha() and form.isascii() and form != form.lower()]
        name = name.str.replace_all(rf"(\p{{Ll}}{{2}})({'|'.join(sorted(cased, key=len, reverse=True))})\b", "$1 $2")
        return name.str.replace_all(rf"(?i)(\p{{L}}{{3}})({'|'.join(self.glued)})\b", "$1 $2")

    def without(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Of `name`: `kept` without unmistakable forms, `bare` without any, `core` without vague words like Company."""
        anywhere, vague = self.at("any", "glued"), self.at("any", vague=True)
        frame = frame.with_columns(name=self.split_off(pl.col("name")))
        frame = frame.with_columns(name=padded(plain(pl.col("name"))))
        frame = frame.with_columns(
            found=pl.col("name").str.extract_many(anywhere, leftmost=True),
            kept=pl.col("name").str.replace_many(anywhere, [""], leftmost=True),
        )
        frame = self._off_ends(frame, "kept", "bare", vague=False)
        frame = frame.with_columns(core=pl.col("bare").str.replace_many(vague, [""], leftmost=True))
        frame = self._off_ends(frame, "core", "core", vague=True)
        frame = self._off_ends(frame, "core", "core", vague=False)
        form = pl.col("found").list.eval(pl.element().replace_strict(self.class_of, default=None)).list.drop_nulls()
        # In "Sp. z o.o. Sp. k." the company is but a partner.
        one = pl.when(form.list.contains("partnership")).then(pl.lit("partnership")).otherwise(form.list.first())
        return frame.with_columns(legal_form=one).drop("found")

    def _off_ends(self, frame: pl.DataFrame, before: str, after: str, vague: bool) -> pl.DataFrame:
        """Forms in front and at the end, unless nothing would be left."""
        front, end = self.at("front", "ends", vague=vague), self.at("end", "ends", vague=vague)
        # Short forms in front are often the beginning of a name: MB Logistics Sp. z o.o.
        has_form = (pl.col("found").list.len() > 0) & pl.lit(not vague)
        frame = frame.with_columns(
            left=pl.when(has_form)
            .then(pl.col(before))
            .otherwise(pl.col(before).str.replace(f"^(?:{'|'.join(front)})+", ""))
            .str.replace(f"(?:{'|'.join(end)})+$", "")
        )
        changed = (pl.col("left") != pl.col(before)) & (pl.col("left") != "")
        first = pl.col(before).str.extract(f"^({'|'.join(front)})")
        last = pl.col(before).str.extract(f"({'|'.join(end)})$")
        off = pl.when(changed).then(pl.concat_list(last, first)).otherwise(pl.lit([], dtype=pl.List(pl.String)))
        left = pl.when(changed).then("left").otherwise(pl.col(before))
        return (
            frame.with_columns(found=pl.col("found").list.concat(off.list.drop_nulls()), left=left)
            .with_columns(pl.col("left").alias(after))
            .drop("left")
        )
