"""How the studio looks: tokens, fonts, icons, palette and style sheet."""
