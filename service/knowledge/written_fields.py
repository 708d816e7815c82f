"""The kinds of value that the book's files may hold, for their schemas; none takes a value of another type."""

from marshmallow import RAISE, Schema, ValidationError, fields, validate

ID = validate.Regexp(r"[A-Za-z0-9][A-Za-z0-9:.-]*\Z", error="met '{input}'; allowed are letters, digits, : . and -")


def one_of(*allowed: str) -> validate.OneOf:
    """Allow these words alone; the error names what was met and what is allowed."""
    return validate.OneOf(allowed, error="met '{input}'; allowed are {choices}")


class Row(Schema):
    """Refuse keys that are not declared; every schema of a file is one kind of row."""

    class Meta:
        """Unknown keys are an error."""

        unknown = RAISE


class Words(fields.String):
    """A text that YAML read as text: numbers, dates and booleans are refused, and so is the empty text."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValidationError(f"met {type(value).__name__}; allowed is a text (quote it)")
        return value


class Flag(fields.Field[bool]):
    """A boolean that YAML read as boolean; 'yes', 1 and the like are refused."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(f"met {type(value).__name__}; allowed are true and false")
        return value


def names(data_key: str | None = None) -> fields.List[str]:
    """Declare a list of ids that may be left out; ``data_key`` is its written name where Python's differs."""
    return fields.List(Words(validate=ID), load_default=list, data_key=data_key)


def name(**keywords: object) -> Words:
    """Declare an id."""
    return Words(validate=ID, **keywords)  # type: ignore[arg-type]  # passed through to marshmallow as they are
