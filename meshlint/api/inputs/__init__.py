"""From where does an input set come: directories, texts, or a live cluster?"""
