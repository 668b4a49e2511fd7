"""The demo, drawn from a seed.

Everybody in it is plainly invented: two things of the garden as a name with "-Demo" at its end, a phone number under
0840, which no operator has, and a mail address under `.example`, which nobody can have.
"""
