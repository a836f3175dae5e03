"""Languages, translations, formats of dates and numbers, and time zones.

The language and the zone in force live in context variables: each request, task and thread has its own.
"""
