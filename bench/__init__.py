"""Benchmarks: measured side by side, never against a clock on the wall."""
