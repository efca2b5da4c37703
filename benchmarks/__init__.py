"""The measurements of `make bench`, always beside a peer in the same run."""
