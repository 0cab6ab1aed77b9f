"""How an alert reaches a receiver."""
