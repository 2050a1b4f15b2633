"""Which keys occur twice, and which references lead nowhere, among any number of rows in little memory.

A key is represented by 64 bits: `hashed` makes them of text columns, `KeyIndex` compares them.  What a key looks like
is not known here, nor is a text kept: who finds two rows with equal hashes looks their texts up once more.
"""

from importer.keys.hashes import beside, hashed
from importer.keys.index import KeyIndex, are_among
from importer.keys.shown import Shown

__all__ = ["KeyIndex", "Shown", "are_among", "beside", "hashed"]
