"""`monitor cron`: the job on a timetable."""
