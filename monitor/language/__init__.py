"""From YAML text to a rulebook: models, locations, faults, lints."""
