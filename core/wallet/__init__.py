"""The wallet: usage and grants from the exports, in the warehouse."""
