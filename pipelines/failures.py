"""How reading a source can go wrong, each in words that the one who runs it can act on."""


class SourceFailed(Exception):
    """A source whose load is given up: which source, which of its entities, and why."""

    def __init__(self, source: str, entity: str, message: str) -> None:
        super().__init__(f"{source}, {entity}: {message}" if entity else f"{source}: {message}")
        self.source = source
        self.entity = entity
        self.message = message


class Unavailable(Exception):
    """An entity that this login may not read, or that this installation lacks: reported, and the rest is read."""

    reason = "no_right"  # a code, for which the pages have words


class Absent(Unavailable):
    """An entity that this installation does not have at all."""

    reason = "not_there"


class NotBought(Absent):
    """An entity of a module or a plan that the firm has not bought or not switched on."""

    reason = "not_bought"


class UnknownField(Exception):
    """The source says that a field we asked for does not exist."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Broken(Exception):
    """An answer that cannot be read, though it may be whole when asked for again."""
