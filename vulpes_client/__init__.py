"""Large files for scripts that use gazu: one line, and gazu sends them straight to the bucket, in parts.

    import gazu, vulpes_client

    vulpes_client.install()

After that `gazu.task.upload_preview_file`, `gazu.task.publish_preview` and `gazu.files.upload_working_file` take files
of any size up to 5 GB. What is small goes the way it always went, and so does what has no route for large files.
"""

from .installation import install, uninstall
from .parts import UploadBroken

__all__ = ["UploadBroken", "install", "uninstall"]
