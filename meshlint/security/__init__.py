"""What will the mesh enforce? Who is who, how calls travel, who may call whom. Knows no rules."""
