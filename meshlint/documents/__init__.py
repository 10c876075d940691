"""What YAML or JSON is in the bytes, and where does each key and value stand?"""
