"""What will the next release no longer take, or take otherwise?"""
