"""What do PeerAuthentications make servers demand?"""
