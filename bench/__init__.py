"""Times every main page at 150 and at 10,000 people, in one run and side by side."""
