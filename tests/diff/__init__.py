"""What does `meshlint diff` tell?"""
