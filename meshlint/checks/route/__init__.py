"""Where do requests go, and does every route do something? By mesh."""
