"""Forms as a ZIP: choosing them, the work on them by many workers, what the archive says about itself."""
