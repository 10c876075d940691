"""Who may call whom? From a question in a user's words to the decisions that reports tell."""
