"""Files that people hand in: checked, kept outside the web root, and given back as attachments only.

Floors above refer to a file by `ForeignKey("stored_file.id")`; what nothing refers to is removed by the worker.
"""
