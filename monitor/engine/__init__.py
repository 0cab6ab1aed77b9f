"""From updates and time to assessments: predicates, accumulators, views, decisions."""
