"""How much alike two cleaned names are: conditions in DuckDB's SQL, the strongest first."""

_SAME_NUMBERS = "{l:name_numbers} = {r:name_numbers}"
_OTHERS_L = "list_filter({l:name_folded}, x -> not list_contains({r:name_folded}, x))"
_OTHERS_R = "list_filter({r:name_folded}, x -> not list_contains({l:name_folded}, x))"
# A cheap look at the whole name before its words are laid side by side.
_ONE_LETTER = (
    "abs(length({l:name_skeleton}) - length({r:name_skeleton})) <= 1"
    " and length({l:name_skeleton}) >= 4 and length({r:name_skeleton}) >= 3"
    " and damerau_levenshtein({l:name_skeleton}, {r:name_skeleton}) <= 1"
)
LEVELS = (
    ("same", "{l:name_core} = {r:name_core}"),
    (
        "same_words",
        "{l:name_words} = {r:name_words} or {l:name_compact} = {r:name_compact}"
        f" or ({_SAME_NUMBERS} and ({{l:name_skeleton}} = {{r:name_skeleton}} and {{l:name_skeleton}} <> ''"
        " or {l:name_folded} = {r:name_folded} and len({l:name_folded}) > 0))",
    ),
    ("nearly", f"{_SAME_NUMBERS} and {_ONE_LETTER}"),
    (
        "similar",
        f"{_SAME_NUMBERS} and"
        " (list_has_all({l:name_rare}, {r:name_rare}) or list_has_all({r:name_rare}, {l:name_rare}))",
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
