"""Files shipped with the program: fonts and licences."""
