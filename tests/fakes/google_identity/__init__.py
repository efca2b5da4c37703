"""Google's sign-in and service accounts on loopback."""
