"""Which files did a caller send? Archives and forms, bounded before they are believed."""
