"""Files on their way in: on disk, and never more of them than is taken."""

from django.core.files.uploadedfile import TemporaryUploadedFile

from dpmap.uploads import BoundedUploadHandler


def received(pieces: list[bytes]) -> TemporaryUploadedFile:
    handler = BoundedUploadHandler()
    handler.new_file("employees_file", "employees.csv", "text/csv", None)
    start = 0
    for piece in pieces:
        assert handler.receive_data_chunk(piece, start) is None
        start += len(piece)
    return handler.file_complete(start)


def test_a_file_is_kept_on_disk(settings):
    settings.ROSTER_MAX_BYTES = 1000
    file = received([b"a" * 400, b"b" * 400])
    assert (file.size, len(file.read())) == (800, 800)
    assert file.temporary_file_path()


def test_of_a_file_that_is_too_large_only_the_size_is_known(settings):
    settings.ROSTER_MAX_BYTES = 1000
    file = received([b"a" * 400] * 500)
    assert (file.size, len(file.read())) == (200_000, 1200)
