"""Speed of the package beside what a user would take instead: every number is a ratio within one run."""
