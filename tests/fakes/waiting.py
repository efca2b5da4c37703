"""How long tests wait for what must come. No claim about speed: on a busy machine a second of work takes half a minute."""

WAIT_SECONDS = 60.0
