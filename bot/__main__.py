"""`python -m bot` is the same program as `agentcost`."""

from bot.cli.main import run

if __name__ == "__main__":
    run()
