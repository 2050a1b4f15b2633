"""The program: read, check, plan, send, report.  What the command line and the web page call.

`preparation.prepare`, then `upload.Upload`; `verify`, `forget` and `current` look at earlier runs.  Each is imported by
its module, so that a check, which sends nothing, does not wait for what sending needs.
"""
