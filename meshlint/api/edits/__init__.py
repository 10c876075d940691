"""What edits make of files: mended findings, and directories that are being edited."""
