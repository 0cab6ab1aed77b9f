"""`monitor backtest`: rules over a history."""
