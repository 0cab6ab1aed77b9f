"""What was announced: alerts, their receivers and routes, silences, deliveries."""
