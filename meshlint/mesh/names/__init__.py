"""Which name is meant? Host names written short, and names that are nearly another one."""
