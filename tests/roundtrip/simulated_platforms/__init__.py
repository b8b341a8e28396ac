"""Survey platforms, simulated: each reads an exported form, is answered, and writes an export.

What they write follows the platforms' documentation and real exports, not our readers.
"""
