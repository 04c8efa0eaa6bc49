"""Who answers, what they are given, and the questions whose answers are known."""
