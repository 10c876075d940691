"""Can the files be read as they were written, and is anything written twice?"""
