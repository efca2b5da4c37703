"""The wallet: exports in, each row once; balance, burn and usage out."""
