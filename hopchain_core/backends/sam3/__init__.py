"""SAM 3 finds every instance of a concept: with words over many pictures, with words, boxes and points on one.

The model runs in a process of its own (`worker`), with the Python of its profile; `segmenter` is our side of it.
"""
