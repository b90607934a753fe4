from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Onto the disk, never into memory; of a file that is too large nothing beyond the limit is kept.

    The form sees its true size and refuses it with a sentence.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start < settings.ROSTER_MAX_BYTES:
            super().receive_data_chunk(raw_data, start)
