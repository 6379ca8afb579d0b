"""What was checked."""
