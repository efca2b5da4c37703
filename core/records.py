"""`NamedTuple` that does not compile its annotations, of which a program that starts for one question makes no use.

`typing.NamedTuple` compiles each annotation that is text into a `ForwardRef`: 5 ms for the hundred classes of one question, which
takes 80. This one makes the same classes, also by `collections.namedtuple`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, NamedTuple
else:
    from collections import namedtuple

    class _RecordType(type):
        def __new__(cls, name: str, _: tuple[type, ...], members: dict[str, Any]) -> type:
            fields = tuple(members.get("__annotations__", ()))
            defaults = {field: members[field] for field in fields if field in members}
            if fields[len(fields) - len(defaults) :] != tuple(defaults):
                raise TypeError(f"{name} has a field without a default after one with a default.")
            made = namedtuple(name, fields, defaults=defaults.values(), module=members["__module__"])  # noqa: PYI024
            for key, value in members.items():
                if key not in {*fields, "__classcell__"}:
                    setattr(made, key, value)
            return made

    class _Base:
        def __mro_entries__(self, _: tuple[object, ...]) -> tuple[type]:
            return (RECORD,)

    RECORD = type.__new__(_RecordType, "NamedTuple", (), {})
    NamedTuple = _Base()

__all__ = ["NamedTuple"]
