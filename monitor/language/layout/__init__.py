"""How a rulebook is laid out: `monitor rules fmt`, and adding to a file without touching the rest.

ruamel.yaml was looked at for this. It drops comments inside of brackets and, beside a comment, the
anchor of a mapping; and it hangs a comment above a key on whatever was read before it, however
deep, so that keys cannot change places. Here the reader's own events say what there is, and what
stands between them is kept, or the file is refused.
"""
