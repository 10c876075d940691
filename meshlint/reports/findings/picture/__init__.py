"""Where does each box of the mesh stand in the page, and how is it drawn? Inline SVG, without scripts."""
