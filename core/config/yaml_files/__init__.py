"""YAML as people mean it, and configurations checked against a schema."""
