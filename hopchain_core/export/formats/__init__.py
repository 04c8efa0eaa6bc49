"""Rows as trainers read them, made of the records of an export."""
