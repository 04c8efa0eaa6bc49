"""The start screen and the dialogs that make projects."""
