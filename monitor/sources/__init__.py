"""Where updates come from: files in other people's words, read without trusting them."""
