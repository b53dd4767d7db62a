"""The sandbox: where a submission's code runs, and can touch nothing but its own work."""
