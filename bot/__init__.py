"""Conversation: agentcost in Slack and in the terminal."""
