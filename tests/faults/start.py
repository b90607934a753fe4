"""Surroundings of workers and schedules, so that a test has its seconds and only what it is about."""

POST = {"DPMAP_TEST_ENTRIES": "deliver-post"}
# Seconds instead of hours, and more tries than a test has seconds.
QUICK_POST = {"POST_PAUSES": ",".join(["1"] * 100)}
# A batch that is slow all along takes four seconds; a claim must be older than that.
SOON_TAKEN_OVER = {**QUICK_POST, "POST_CLAIM_SECONDS": "8"}
