"""The Python way: each command as a function. `cryfish` itself exports them (docs/python.md).

Paths, or what an earlier function returned, go in; where the output lies and what was counted comes out. All that is
wrong with the inputs is one InputError, before anything is written; what is done is skipped, what was stopped goes on.
Imports that take seconds stand inside the functions, since the commands are made of these.
"""
