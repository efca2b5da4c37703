"""A Slack of our own on loopback, which refuses what Slack refuses."""
