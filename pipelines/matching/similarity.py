"""How much alike two cleaned names are: conditions in DuckDB's SQL, the strongest first."""

_SAME_NUMBERS = "{l:name_numbers} = {r:name_numbers}"
_SAME_SOUND = (
    "({l:name_skeleton} = {r:name_skeleton} or {l:name_sounds} = {r:name_sounds}) and length({l:name_skeleton}) > 0"
)
# A cheap look at the whole name, before its words are laid side by side.
_FEW_LETTERS = (
    "abs(length({l:name_skeleton}) - length({r:name_skeleton})) <= 2"
    " and least(damerau_levenshtein({l:name_skeleton}, {r:name_skeleton}),"
    " damerau_levenshtein({l:name_sounds}, {r:name_sounds})) <= 2"
)
_ONE_LETTER = (
    "least(damerau_levenshtein({l:name_skeleton}, {r:name_skeleton}),"
    " damerau_levenshtein({l:name_sounds}, {r:name_sounds})) <= 1"
)
_OTHER_L = "list_filter({l:name_folded}, lambda x: not list_contains({r:name_folded}, x))"
_OTHER_R = "list_filter({r:name_folded}, lambda z: not list_contains({l:name_folded}, z))"
# Every word that only one name has is a word of the other with one slip, two in a long word. A slip makes another
# word of a short one, and of a common word when the result is common too: Railways is not a slip for Railway.
_SLIPS = (
    f"len({_OTHER_L}) = len({_OTHER_R}) and list_bool_and(list_transform({_OTHER_L},"
    f" lambda x: list_bool_or(list_transform({_OTHER_R}, lambda y: "
    "greatest(length(x), length(y)) >= 4"
    " and damerau_levenshtein(x, y) <= case when least(length(x), length(y)) >= 9 then 2 else 1 end"
    " and (list_contains({l:name_rare}, x) or list_contains({r:name_rare}, y))))))"
)
# A blank too many or too few hides which word has the slip.
_OTHER_BLANKS = f"len({_OTHER_L}) <> len({_OTHER_R}) and length({{l:name_skeleton}}) >= 8 and {_ONE_LETTER}"
LEVELS = (
    ("same", "{l:name_core} = {r:name_core}"),
    (
        "same_words",
        "{l:name_words} = {r:name_words} or {l:name_compact} = {r:name_compact}"
        f" or ({_SAME_NUMBERS} and {_SAME_SOUND})",
    ),
    ("nearly", f"{_SAME_NUMBERS} and {_FEW_LETTERS} and ({_SLIPS} or {_OTHER_BLANKS})"),
    (
        "similar",
        f"{_SAME_NUMBERS} and (list_has_all({{l:name_folded}}, {{r:name_folded}})"
        " or list_has_all({r:name_folded}, {l:name_folded})"
        " or {l:name_initials} = {r:name_compact} or {l:name_compact} = {r:name_initials})",
    ),
)


class _Side:
    """Writes `name_core` as the column of one side of a pair."""

    def __init__(self, column: str) -> None:
        self.column = column

    def __format__(self, name: str) -> str:
        return self.column.format(name)


def similarity_sql(left: str = "{}_l", right: str = "{}_r") -> list[tuple[str, str]]:
    """The levels of two names with the condition of each; `left` and `right` say how a column is written."""
    return [(level, condition.format(l=_Side(left), r=_Side(right))) for level, condition in LEVELS]
