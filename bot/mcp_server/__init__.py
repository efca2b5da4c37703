"""Tools for assistants and other programs, over the Model Context Protocol: over stdio, and at /mcp of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.mcp_server.endpoint import McpEndpoint
    from bot.mcp_server.server import Reply, create_server, serve_stdio
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "endpoint": "McpEndpoint",
            "server": "Reply create_server serve_stdio",
        },
    )

__all__ = ["McpEndpoint", "Reply", "create_server", "serve_stdio"]
