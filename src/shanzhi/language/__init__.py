"""What is in a Chinese text."""
