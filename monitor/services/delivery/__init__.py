"""Messages on their way: claimed, sent, recorded, tried again."""
