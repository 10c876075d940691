"""Who may ask? Tokens, roles and certificates."""
