"""What do the meshes' webhooks say of an object, beyond its schema?"""
