"""From transitions to messages: what is said to whom, and what keeps it from being said."""
