"""The one exception every room raises for input that a user can mend."""


class InputError(Exception):
    """Bad input, said in one sentence that names the file, the field and the fix.

    The command line prints the sentence and exits with code 2; nothing else is shown.
    """
