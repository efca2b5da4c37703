"""Google's own description of its requests, and field masks."""
