"""Where commitments stand: `status`, `check`, `history`, `report`."""
