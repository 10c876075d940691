"""What is wrong with it? Small pure functions over mesh, security and traffic. Knows no reports."""
