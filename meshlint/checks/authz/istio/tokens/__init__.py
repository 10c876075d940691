"""Are tokens demanded and checked, and whose are believed?"""
