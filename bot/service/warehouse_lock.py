"""The service's hold on the warehouse: opened as soon as possible, kept for its life, and shared with forwarded commands."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from bot import locations, wiring
from bot.service.control_socket import serve_control_socket
from core.errors import AgentcostError, WarehouseBusyError

if TYPE_CHECKING:
    from core.warehouse import Warehouse


class WarehouseOwner:
    """Nothing is held until `open` succeeds. The methods wait for the disk and for running commands: call them in threads."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._warehouse, self._calls = ExitStack(), ExitStack()
        self.warehouse: Warehouse | None = None

    def open(self) -> AgentcostError | None:
        """Open the warehouse and take commands for it; return the error, or None.

        Raises: WarehouseBusyError, if a service holds it already: then there is nothing to wait for.
        """
        try:
            warehouse = self._warehouse.enter_context(wiring.open_for_writing())
            if not locations.is_in_postgres():  # which commands open themselves
                self._calls.enter_context(serve_control_socket(locations.service_address(locations.warehouse_path())))
        except wiring.HeldByServiceError as held:
            raise WarehouseBusyError(held.path, f"another service, {held.holder}") from held
        except AgentcostError as trouble:
            self._warehouse.close()
            return trouble
        self.warehouse = warehouse
        return None

    def stop_accepting(self) -> None:
        """Finish the commands that run, and take no other."""
        self._calls.close()

    def close(self) -> None:
        """Release the file."""
        self.warehouse = None
        self._warehouse.close()
