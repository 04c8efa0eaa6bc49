"""The program composer: samples programs over the instances of a picture, keeps what is clear, and phrases it.

It needs no model. Where the instances are people's annotations or rendered truth, its answers are right by
construction; its records say ``composer: program``.
"""
