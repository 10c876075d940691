"""What does a change do?"""
