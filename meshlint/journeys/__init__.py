"""What comes of calls that cause further calls? Chains, and what adds up along them. Knows no rules."""
