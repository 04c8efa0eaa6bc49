"""Model profiles: which models a person has, where they are and how they are started. They belong to the person.

A project never holds a profile, an address or a key: what a run records is the model's name and what determines its
replies.
"""
