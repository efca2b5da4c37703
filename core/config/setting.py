"""The settings of app.yaml: one record each owns type, range, default, help, former name and line in the starter file."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Schema = dict[str, Any]

# Shapes and settings are neither compared nor printed: classes with these methods take twice as long to create at every start.
MAX_NUMBER = 10**12
JUST_BELOW = Decimal("0.000001")
PLAIN = r"[0-9]{1,12}(\.[0-9]{1,12})?"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Shape:
    """The valid values of a setting. This base shape is any text; subclasses narrow it."""

    def schema(self) -> Schema:
        """Return the JSON schema of the value, without a description."""
        return {"type": "string", "minLength": 1}

    def describe(self, text: str) -> str:
        """Return a setting's meaning and valid values."""
        return text

    def read(self, raw: Any) -> Any:  # noqa: ANN401 - whatever the shape is of
        """Convert a value that fits the schema to the type that the code uses."""
        return raw


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Text(Shape):
    """A text, with an optional pattern. name: the kind of text, for a value of a list."""

    pattern: str = ""
    max_length: int | None = None

    def schema(self) -> Schema:
        """Return the pattern, or the requirement that the text is not empty."""
        found: Schema = {"type": "string"} | ({"pattern": self.pattern} if self.pattern else {"minLength": 1})
        return found if self.max_length is None else found | {"maxLength": self.max_length}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Day(Shape):
    """A day. example: shown in the help."""

    example: str

    def schema(self) -> Schema:
        """Return the schema of a written day."""
        return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}

    def describe(self, text: str) -> str:
        """Return its notation and meaning."""
        return f"a day written as {self.example}: {text}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Flag(Shape):
    """True or false."""

    def schema(self) -> Schema:
        """Return the schema of a boolean."""
        return {"type": "boolean"}

    def describe(self, text: str) -> str:
        """Return the statement that is true or false."""
        return f"true or false: {text}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Whole(Shape):
    """A whole number; without a maximum, up to the general limit."""

    minimum: int
    maximum: int | None = None

    @property
    def most(self) -> Decimal:
        """The upper limit; without its own, the general one for numbers."""
        return Decimal(MAX_NUMBER if self.maximum is None else self.maximum)

    @property
    def words(self) -> str:
        """The range in words."""
        return f"a whole number from {self.minimum}" + (f" to {self.maximum}" if self.maximum is not None else "")

    def schema(self) -> Schema:
        """Return the range."""
        found: Schema = {"type": "integer", "minimum": self.minimum}
        return found if self.maximum is None else found | {"maximum": self.maximum}

    def describe(self, text: str) -> str:
        """Return its meaning and its range."""
        return f"{text}{'' if text.endswith(' is') else ':'} {self.words}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Number(Shape):
    """An exact number, with or without quotes. minimum and maximum are inclusive limits; above and below are exclusive."""

    minimum: int | None = None
    above: int | None = None
    maximum: int | None = None
    below: int | None = None

    @property
    def most(self) -> Decimal:
        """The upper limit; without its own, the general one for numbers."""
        return Decimal(MAX_NUMBER if self.maximum is None else self.maximum)

    @property
    def words(self) -> str:
        """The range in words."""
        if self.minimum is not None:
            return f"a number from {self.minimum}" + (f" to {self.maximum}" if self.maximum is not None else "")
        most = f" and below {self.below}" if self.below is not None else ""
        return f"a number above {self.above}" + (f" and at most {self.maximum}" if self.maximum is not None else most)

    def limits(self, *, is_share: bool = False) -> list[str]:
        """Return the ends of the range as comparisons, such as >0; is_share: for a percentage stored as a fraction of 1."""
        whole = 100 if is_share else 1
        least = (">=", self.minimum) if self.minimum is not None else (">", self.above)
        ends = (least, ("<=", self.maximum), ("<", self.below))
        return [f"{sign}{(Decimal(end) / whole).normalize():f}" for sign, end in ends if end is not None]

    def contains(self, value: Decimal) -> bool:
        """Whether a number lies in the range."""
        is_enough = value >= self.minimum if self.minimum is not None else value > (self.above or 0)
        is_below = self.below is None or value < self.below
        return is_enough and is_below and value <= self.most

    def schema(self) -> Schema:
        """Return the range of a number, and the format of a number written as text."""
        most = MAX_NUMBER if self.maximum is None else self.maximum
        number: Schema = {"type": "number"}
        number |= {"minimum": self.minimum} if self.minimum is not None else {"exclusiveMinimum": self.above}
        number |= {"maximum": float(self.below - JUST_BELOW) if self.below is not None else most}
        digits = len(str(self.below)) - 1 if self.below is not None else 12
        least = "(?=.*[1-9])" if self.above == 0 else ""
        pattern = f"^{least}[0-9]{{1,{digits}}}(\\.[0-9]{{1,12}})?$"
        return {"anyOf": [number, {"type": "string", "pattern": pattern}]}

    def describe(self, text: str) -> str:
        """Return its meaning and its range."""
        return f"{text}: {self.words}"

    def read(self, raw: Any) -> Decimal:  # noqa: ANN401 - a number or a text
        """Return the number, exact."""
        return Decimal(str(raw))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OneOf(Shape):
    """One of a fixed set of words or numbers."""

    values: tuple[str | int, ...]

    def schema(self) -> Schema:
        """Return the values."""
        return {"enum": [*self.values]}

    def describe(self, text: str) -> str:
        """Return its meaning and its values."""
        said = [value if isinstance(value, str) and value.isidentifier() else f'"{value}"' for value in self.values]
        said = [str(value) if isinstance(value, int) else one for value, one in zip(self.values, said, strict=True)]
        return f"{text}: {', '.join(said[:-1])} or {said[-1]}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ListOf(Shape):
    """A list. each: the shape of its values; is_unique: whether duplicates are forbidden; minimum: the minimum length."""

    each: Setting
    is_unique: bool = False
    minimum: int | None = None

    def schema(self) -> Schema:
        """Return the schema of the list."""
        found: Schema = {"type": "array", "items": self.each.schema()}
        found |= {"uniqueItems": True} if self.is_unique else {}
        return found if self.minimum is None else found | {"minItems": self.minimum}

    def read(self, raw: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a list
        """Return the values."""
        return tuple(map(self.each.shape.read, raw))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NamedValues(Shape):
    """Values by user-chosen names. keys: the pattern of a name."""

    each: Setting
    keys: str = ""

    def schema(self) -> Schema:
        """Return the schema of the values."""
        names = {"pattern": self.keys} if self.keys else {"minLength": 1}
        return {"type": "object", "propertyNames": names, "additionalProperties": self.each.schema()}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SettingGroup(Shape):
    """Settings by name; other names are not allowed."""

    settings: tuple[Setting, ...]

    def schema(self) -> Schema:
        """Return the schema of the section."""
        found: Schema = {"type": "object", "additionalProperties": False}
        required = [setting.name for setting in self.settings if setting.is_required]
        found |= {"required": required} if required else {}
        return found | {"properties": {setting.name: setting.schema() for setting in self.settings}}

    def default(self, name: str) -> Any:  # noqa: ANN401 - of the setting's type
        """Return the value that applies if the setting is missing. Raises: KeyError, if there is no such setting."""
        return self.by_name[name].default

    @property
    def by_name(self) -> dict[str, Setting]:
        """The settings by name."""
        return {setting.name: setting for setting in self.settings}

    def read(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values present, as the code uses them."""
        known = self.by_name
        return {name: known[name].shape.read(value) for name, value in raw.items()}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Setting:
    """One setting, or one value of a list.

    name: for a value of a list or table, what it is. help: its meaning, without range and default.
    default: the value that applies without it, as the code uses it; usual: the default in words, if the value does not show it.
    formerly: its former name, which is still read.
    starter: its value in the starter file, and remark the comment there; empty if the starter file omits it.
    """

    name: str
    shape: Shape
    help: str
    default: Any = None
    usual: str = ""
    is_required: bool = False
    formerly: str = ""
    starter: str = ""
    remark: str = ""

    @property
    def description(self) -> str:
        """Its meaning, its valid values, and its default."""
        said = self.shape.describe(self.help)
        if self.usual:
            return f"{said} (default: {self.usual})"
        return said if self.default is None else f"{said} (default {_write(self.default)})"

    def schema(self) -> Schema:
        """Return its schema."""
        return self.shape.schema() | {"description": self.description}


def _write(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def problems_of_texts(section: SettingGroup, raw: object, place: str = "") -> Iterator[str]:
    """Yield a sentence for each number written as text outside its range, which a schema cannot detect."""
    for name, value in raw.items() if isinstance(raw, dict) else ():
        setting = section.by_name.get(name)
        yield from _problems(setting, value, f"{place}{name}") if setting else ()


def _problems(setting: Setting, value: object, place: str) -> Iterator[str]:
    shape = setting.shape
    if isinstance(shape, SettingGroup):
        yield from problems_of_texts(shape, value, f"{place}.")
    elif isinstance(shape, ListOf | NamedValues):
        values: Iterable[tuple[str, object]] = ()
        if isinstance(value, list):
            values = ((f"[{index}]", one) for index, one in enumerate(value))
        elif isinstance(value, dict):
            values = ((f".{key}", one) for key, one in value.items())
        for ending, one in values:
            yield from _problems(shape.each, one, f"{place}{ending}")
    elif (
        isinstance(shape, Number)
        and isinstance(value, str)
        and compiled(PLAIN).fullmatch(value)
        and not shape.contains(Decimal(value))
    ):
        yield f'{place} is "{value}": {setting.description}.'
