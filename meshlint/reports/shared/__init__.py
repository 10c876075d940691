"""What do all reports need? Options, styles, tables and places."""
