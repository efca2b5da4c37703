"""What to tell whom about the wallet, decided once: rules, decisions, their state, and the outbox of messages."""
