"""The judge: pytest drives a notebook from another process and comes to a verdict on every test."""
