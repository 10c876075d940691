"""The words that checks of istiod's webhook are written in: values, texts, messages, mistakes."""
