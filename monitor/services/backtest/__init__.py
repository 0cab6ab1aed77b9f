"""Rules over a history: replayed, compared, and scored against what people say."""
