"""agentcost in Slack: answers as blocks, and the app that gives them."""
