"""Ways to send: SMTP, and for development the console, files, memory, or nothing."""
