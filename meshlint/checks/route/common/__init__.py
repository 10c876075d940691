"""Which weights, Services and hosts mislead whatever mesh reads them?"""
