"""What `make bench` measures, always beside a peer in the same run."""
