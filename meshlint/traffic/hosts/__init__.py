"""Which hosts lead nowhere, or mean two things at once?"""
