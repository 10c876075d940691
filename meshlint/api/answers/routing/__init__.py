"""Where does a request go? From a question in a user's words to the answer that reports tell."""
