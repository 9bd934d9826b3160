"""One way to write a word: accents off, Cyrillic and Greek in Latin letters; other scripts stay as they are."""

import unicodedata

import polars as pl

SPECIAL = dict(ł="l", đ="d", ð="d", ø="o", ħ="h", ı="i", ŋ="n", þ="th", ß="ss", æ="ae", œ="oe", ə="e", ς="σ")
LATIN_AND_GREEK = (*range(0x00C0, 0x0250), *range(0x1E00, 0x2000), *range(0x0370, 0x0400))


def _without_accents() -> dict[str, str]:
    letters = {}
    for letter in {chr(code).lower() for code in LATIN_AND_GREEK}:
        base = "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))
        if base and base != letter:
            letters[letter] = base
    return letters | SPECIAL


ACCENTS = _without_accents()
CYRILLIC = dict(
    zip(
        "абвгґдеёєжзиіїйклмнопрстуўфхцчшщъыьэюяғқңөұүһәђјљњћџѓќѕ'’",
        [
            "a",
            "b",
            "v",
            "g",
            "g",
            "d",
            "e",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "i",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "y",
            "",
            "e",
            "yu",
            "ya",
            "g",
            "k",
            "n",
            "o",
            "u",
            "u",
            "h",
            "a",
            "d",
            "j",
            "lj",
            "nj",
            "c",
            "dz",
            "g",
            "k",
            "dz",
            "",
            "",
        ],
        strict=True,
    )
)
GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        [
            "a",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "th",
            "i",
            "k",
            "l",
            "m",
            "n",
            "x",
            "o",
            "p",
            "r",
            "s",
            "t",
            "y",
            "f",
            "ch",
            "ps",
            "o",
        ],
        strict=True,
    )
)

# How one sound comes out of different hands: transliterations, German umlauts, British and American spelling.
SOUNDS = {
    "shch": "sch", "kh": "h", "tz": "c", "ts": "c", "ks": "x", "ph": "f", "ck": "k", "w": "v", "y": "i", "j": "i",
    "iy": "i", "yi": "i", "ij": "i", "ji": "i", "ye": "e", "je": "e", "ie": "e", "ue": "u", "oe": "o", "ae": "a",
    "isation": "ization", "ising": "izing",
}  # fmt: skip
DOUBLED = {letter * 2: letter for letter in "abcdefghijklmnopqrstuvwxyz"}


# Latin letters that look like Cyrillic ones; names of Russian firms are full of them.
LOOK_ALIKE = dict(zip("acehkmoptxyb", "асенкмортхув", strict=True))


def _each(expression: pl.Expr, changes: dict[str, str]) -> pl.Expr:
    longest_first = sorted(changes, key=len, reverse=True)
    return expression.str.replace_many(longest_first, [changes[old] for old in longest_first], leftmost=True)


def _one_alphabet(text: pl.Expr) -> pl.Expr:
    """A word of Cyrillic letters with a Latin one among them that looks the same was meant to be Cyrillic."""
    is_mixed = text.str.contains(r"[A-Za-z]\p{Cyrillic}|\p{Cyrillic}[A-Za-z]")
    has_others = text.str.contains("[DFGIJLNQRSUVWZdfgijlnqrsuvwz]")
    return pl.when(is_mixed & ~has_others).then(_each(text.str.to_lowercase(), LOOK_ALIKE)).otherwise(text)


def plain(text: pl.Expr) -> pl.Expr:
    """Words in lower case with one blank between them; A.B.C. is ABC; the alphabet stays."""
    lower = _each(_one_alphabet(text).str.normalize("NFKC").str.to_lowercase(), ACCENTS)
    joined = lower.str.replace_all(r"(\p{L})['’`´ʼ′](\p{L})", "$1$2")
    marked = joined.str.replace_all(r"\b(\p{L})\b", "\x01$1\x02").str.replace_all("\x02.\x01", "", literal=True)
    return marked.str.replace_all(r"[^\p{L}\p{N}\p{M}]+", " ").str.strip_chars()


def latin(text: pl.Expr) -> pl.Expr:
    """Plain words with Cyrillic and Greek letters transliterated."""
    return _each(text, CYRILLIC | GREEK)


def initials_joined(words: pl.Expr) -> pl.Expr:
    """Single letters that stand side by side are one word: A B C is ABC."""
    marked = words.str.replace_all(r"\b([a-z])\b", "\x01$1\x02")
    return marked.str.replace_all("\x02 \x01", "", literal=True).str.replace_all("[\x01\x02]", "")


def folded(word: pl.Expr) -> pl.Expr:
    """A word reduced to what all its usual spellings share: Khimki is Himki, Müller is Mueller."""
    return _each(_each(word, SOUNDS), DOUBLED)
