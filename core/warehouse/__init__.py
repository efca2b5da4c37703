"""The warehouse: one DuckDB file, its statements, and the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.warehouse import queries
    from core.warehouse.address import PostgresAddress, local_path, read_address
    from core.warehouse.advisory import ServiceTurn, find_service
    from core.warehouse.audit_log import AuditEntry, Outcome, QuestionEvent, append, deeds, prune, verify
    from core.warehouse.claims import Claims
    from core.warehouse.copying import Copied, copy_warehouse
    from core.warehouse.database import (
        InvalidatedError,
        Session,
        StatementError,
        Value,
        Warehouse,
        open_warehouse,
        write_ahead_log,
    )
    from core.warehouse.locking import hold_warehouse, is_held, lock_file
    from core.warehouse.miss_log import Miss, append_miss
    from core.warehouse.shared import SharedWarehouse
    from core.warehouse.shared_limits import SharedLimits
    from core.warehouse.shared_text import SharedText
    from core.warehouse.statements import Slot, Statement, statement, statement_names
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "advisory": "ServiceTurn find_service",
            "address": "PostgresAddress local_path read_address",
            "audit_log": "AuditEntry Outcome QuestionEvent append deeds prune verify",
            "database": "InvalidatedError Session StatementError Value Warehouse open_warehouse write_ahead_log",
            "locking": "hold_warehouse is_held lock_file",
            "claims": "Claims",
            "copying": "Copied copy_warehouse",
            "miss_log": "Miss append_miss",
            "shared": "SharedWarehouse",
            "shared_limits": "SharedLimits",
            "shared_text": "SharedText",
            "statements": "Slot Statement statement statement_names",
        },
    )

__all__ = [
    "AuditEntry",
    "Claims",
    "Copied",
    "InvalidatedError",
    "Miss",
    "Outcome",
    "PostgresAddress",
    "QuestionEvent",
    "ServiceTurn",
    "Session",
    "SharedLimits",
    "SharedText",
    "SharedWarehouse",
    "Slot",
    "Statement",
    "StatementError",
    "Value",
    "Warehouse",
    "append",
    "append_miss",
    "copy_warehouse",
    "deeds",
    "find_service",
    "hold_warehouse",
    "is_held",
    "local_path",
    "lock_file",
    "open_warehouse",
    "prune",
    "queries",
    "read_address",
    "statement",
    "statement_names",
    "verify",
    "write_ahead_log",
]
