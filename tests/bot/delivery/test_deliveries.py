"""The promise, tested: the service killed at random, its servers failing, and each message once in each channel."""

from tests.harness.deliveries import tally_of

RUNS, SEED = 10, 3


def test_each_message_comes_once_whatever_breaks() -> None:
    """Ten runs, killed each; `python -m tests.harness.deliveries 500` does as many as you like."""
    tally = tally_of(RUNS, SEED)
    assert tally.wrong == []
    assert (tally.kills, tally.messages > RUNS) == (RUNS, True)
