"""One open warehouse for all concurrent users in the process."""

from __future__ import annotations

import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from core.warehouse.database import Warehouse


class SharedWarehouse:
    """Opens a warehouse for the first user, and closes it after the last: DuckDB allows one opener at a time.

    Between questions the file is free, so that a command line can open it.
    """

    def __init__(self, open_warehouse: Callable[[], AbstractContextManager[Warehouse]]) -> None:
        """Open nothing yet."""
        self._open_warehouse = open_warehouse
        self._lock = threading.Lock()
        self._users = 0
        self._opened = ExitStack()
        self._warehouse: Warehouse | None = None

    @contextmanager
    def open(self) -> Iterator[Warehouse]:
        """Give the warehouse, which others may have open as well. Raises: what opening it raises."""
        warehouse = self._enter()
        try:
            yield warehouse
        finally:
            self._leave()

    def _enter(self) -> Warehouse:
        with self._lock:
            if self._warehouse is None:
                self._warehouse = self._opened.enter_context(self._open_warehouse())
            self._users += 1
            return self._warehouse

    def _leave(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self._warehouse = None
                self._opened.close()
