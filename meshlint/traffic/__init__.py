"""Where will a request go?"""
