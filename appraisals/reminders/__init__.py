"""Reminders: what is due, who is told, and that nobody is told twice (docs/architecture.md)."""
