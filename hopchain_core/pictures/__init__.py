"""Reading picture files safely. Imports numpy and Pillow, nothing else of ours but errors."""
