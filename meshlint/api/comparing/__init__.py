"""Which findings are new: beside a baseline, among changed files, since a revision?"""
