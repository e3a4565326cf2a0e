"""`workbench ftp put`: a file to a server."""

import os
from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.ftp_get import Watched
from workbench.cli.ftp_session import FtpVerb, shown
from workbench.cli.output import Output
from workbench.formats.quantity import octets
from workbench.protocols.ftp.names import joined
from workbench.protocols.ftp.partial import Upload


def put_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that uploads. Raises: LocalMisuse, LocalFault; the coroutine what the engine raises."""
    file = Upload(parsed["FILE"])
    try:
        return _Put(parsed, output, file).run()
    except BaseException:
        file.close()
        raise


class _Put(FtpVerb):
    writes = True

    def __init__(self, parsed: Parsed, output: Output, file: Upload) -> None:
        super().__init__(parsed, output)
        self._upload = file
        self._resume = parsed.flag("--resume")
        self._partial = parsed.flag("--partial")
        self.told = {"file": file.path}

    async def run(self) -> int:
        watched = Watched(self.output, self._upload.path)
        try:
            async with self.session() as client:
                path = self.place(client)
                if not self.path.strip(b"/") or self.path.endswith(b"/"):
                    path = joined(path, os.fsencode(os.path.basename(self._upload.path)))
                self.told["path"] = shown(path)
                try:
                    moved = await client.upload(
                        self._upload, path, resume=self._resume, partial=self._partial, progress=watched
                    )
                finally:
                    self.output.status("")
                self.told |= {"octets": moved.total, "start": moved.start, "sha256": moved.sha256}
                self.told["reply"] = str(moved.reply)
        finally:
            self._upload.close()
        if not self.output.as_json:
            self.output.note(f"{octets(moved.octets)} sent to {shown(path)}")
        return self.done()
