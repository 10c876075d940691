"""What does a live cluster hold? Lists and watches that change nothing, and no Secret's data."""
