"""What a run leaves behind for people and machines: one folder per run, one module per kind of file.

`folder` writes them all.  What is imported from here is named with its module, so that a check that prints a few lines
does not wait for the libraries that write workbooks and pages.
"""
