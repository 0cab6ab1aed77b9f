"""Forms that other programs read: JUnit, TAP, SARIF, annotations of GitHub."""
