"""Is traffic encrypted and proven on both sides? By mesh."""
