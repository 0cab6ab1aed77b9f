"""What is known: collected, without what was taken back, and until when somebody was looking."""
