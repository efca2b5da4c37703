"""`agentcost serve`: HTTP, Slack, scheduled jobs and the watched folder in one process."""
