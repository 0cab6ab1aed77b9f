"""Why a commitment stands as it does, why not otherwise, and what would change it."""
