"""How is it told? One pure writer per format."""
