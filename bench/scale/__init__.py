"""The whole department beside ten thousand of its people, the same pages in the same run."""
