"""How is a memo written, in any format? Sections of paragraphs, lists, tables and bars."""
