"""Which rules did the user write? Files in our own format, with built-in checks or expressions."""
