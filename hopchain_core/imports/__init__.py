"""Readers of annotations that people made elsewhere: COCO and labelme.

An import never opens a file that it names: names are only matched against the pictures being taken in.
"""
