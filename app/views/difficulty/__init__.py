"""Difficulty: what solvers make of the chains, and what people say went wrong."""
