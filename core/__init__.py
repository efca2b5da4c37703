"""Prices, plans and the wallet: questions in, exact and sourced answers out."""
