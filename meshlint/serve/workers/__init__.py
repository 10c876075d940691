"""Who answers? A process of its own for each question, with its time and its memory."""
