"""Anybody's own data: tables, folders, Lhotse manifests, Kaldi and NeMo data -> rows -> clips that carry facts.

A reader (`tables`, `folders`, `cutsets`, `kaldi`, `hub`) knows a format and yields rows: names with values, as they
stand there. A mapping says which fact each name is; `proposal` makes one, `values` translates what is written in other
words. `recipe` makes of all this a recipe like any other.
"""
