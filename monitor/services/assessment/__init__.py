"""One step: evidence and the passing of time become assessments, and nothing is half done."""
