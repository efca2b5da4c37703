"""YAML as people mean it, and a configuration held against its schema."""
