"""What do the controllers write into the status of Gateway API objects?"""
