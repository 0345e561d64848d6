"""A finished workbook as a download."""

from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.http import FileResponse

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 4 * 1024 * 1024


def workbook_response(write: Callable[[IO[bytes]], Any], *, filename: str) -> FileResponse:
    """Lets `write` fill a stream and sends it: workbook_response(lambda out: write_workbook([table], stream=out), ...).

    The whole workbook is written before the first byte is sent: an error gives an error page and not a broken file.
    """
    stream = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - FileResponse closes it once sent
    try:
        write(stream)
    except BaseException:
        stream.close()
        raise
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=filename, content_type=CONTENT_TYPE)
