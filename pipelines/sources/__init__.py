"""The systems that can be read, one a file; none knows another.

Each declares NEEDS, the settings without which it cannot be read, as `.env` spells them after the system's name; those
of the network declare STREAMS and, where somebody has to connect them, ABOUT, and a dlt source of the file's own name.
"""
