"""SQL in the Lab: a file of SQLite with a small story, made anew for each Lab."""
