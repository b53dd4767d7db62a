"""The arena's tests are the judge's to run, not pytest's."""

collect_ignore = ["arena"]
