"""`monitor run`: the cron job."""
