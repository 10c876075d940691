"""What do rules that users write ask? Built-in checks with parameters, and expressions in CEL."""
