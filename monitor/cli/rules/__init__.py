"""`monitor rules`: rulebooks checked and tested."""
