"""What do clients send, by DestinationRules and by themselves, and does the server take it?"""
