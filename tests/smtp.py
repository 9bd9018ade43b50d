#!/usr/bin/python3
"""A mail server for the tests, on a free port that it prints. Writes each mail that it takes into a folder, a file each.

The file `mode` in that folder says how it answers, from one mail to the next: `accept` (the same as none), an answer such as
`451 try later` or `550 no such person`, `slow`, which takes its time over the answer, or `late`, which takes the mail and
answers a little later. While there is a file `utf8`, it takes addresses in letters (SMTPUTF8).
"""

import asyncio
import pathlib
import sys

from aiosmtpd.smtp import SMTP

FOLDER = pathlib.Path(sys.argv[1])


class Handler:
    taken = 0

    async def handle_DATA(self, server, session, envelope):
        mode = FOLDER / "mode"
        how = mode.read_text().strip() if mode.exists() else "accept"
        if how == "slow":
            await asyncio.sleep(60)
        elif how not in ("accept", "late"):
            return how
        Handler.taken += 1
        writing = FOLDER / "writing"
        writing.write_bytes(b"To: " + ", ".join(envelope.rcpt_tos).encode() + b"\n" + envelope.content)
        writing.rename(FOLDER / f"{Handler.taken:06}.eml")
        if how == "late":
            await asyncio.sleep(0.1)
        return "250 OK"


class Server(SMTP):
    async def push(self, status):
        """Writes what it is told to, also letters that a server would not say before it was asked for them."""
        await super().push(status.encode() if isinstance(status, str) else status)


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Server(Handler(), hostname="localhost", enable_SMTPUTF8=(FOLDER / "utf8").exists()), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    # The tests hold the other end of this pipe: when they are gone, so is the server.
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
