"""The forms in which services want their messages: one module each."""
