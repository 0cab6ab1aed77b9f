"""What one can ask of commitments: where they stand, what they did, and what comes."""
