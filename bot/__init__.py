"""Conversation: the terminal, Slack, and the service that hosts them."""

import gc

# Start-up creates many objects and hardly any garbage: collecting as often as usual takes a tenth of an answer's time.
gc.set_threshold(100_000, 20, 20)
