"""Which mesh fits this workload, and what would it cost?"""
