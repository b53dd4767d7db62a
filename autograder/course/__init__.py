"""A course directory: nbgrader's layout and gradebook, with our release, judge and feedback."""
