"""Which schema is it? By group, kind, version, release and channel; those given by a user included."""
