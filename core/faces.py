"""Lazy package exports: names that other packages import, each loaded from its module on first access (PEP 562)."""

from __future__ import annotations

from importlib import import_module
from sys import modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def lazy_face(package: str, exports: Mapping[str, str]) -> Callable[[str], object]:
    """Return the `__getattr__` of a package. exports: space-separated names, by the module that defines them.

    A price question then loads no wallet code, although both are imported from such packages.
    """
    home = {name: module for module, names in exports.items() for name in names.split()}

    def load(name: str) -> object:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{home[name]}"), name)
        setattr(modules[package], name, value)
        return value

    return load
