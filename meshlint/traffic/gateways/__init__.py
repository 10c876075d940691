"""What do gateways open, with which pods and certificates, and which of it is more than was meant?"""
