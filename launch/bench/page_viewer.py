"""Somebody who looks, for `launch bench page`: reads what a page or a Foxglove app would, and counts the bytes.

A process of its own. It says when it is ready, gets an address on stdin, and prints the count when the run is over.
"""

from __future__ import annotations

import asyncio
import json
import sys

import aiohttp


async def look_at_page(url: str) -> int:
    """Return how many bytes a page gets until the run is over."""
    taken = 0
    async with aiohttp.ClientSession() as client, client.ws_connect(f"{url}ws") as page:
        async for message in page:
            taken += len(message.data)
    return taken


async def look_at_foxglove(url: str) -> int:
    """Return the same of an app that has subscribed to every channel."""
    taken = 0
    async with (
        aiohttp.ClientSession() as client,
        client.ws_connect(url, protocols=["foxglove.sdk.v1"], max_msg_size=0) as app,
    ):
        async for message in app:
            taken += len(message.data)
            if message.type is aiohttp.WSMsgType.TEXT and (said := json.loads(message.data))["op"] == "advertise":
                rows = [{"id": channel["id"], "channelId": channel["id"]} for channel in said["channels"]]
                await app.send_str(json.dumps({"op": "subscribe", "subscriptions": rows}))
    return taken


def main(name: str) -> None:
    """Wait for an address and look at it."""
    print("ready", flush=True)
    url = sys.stdin.readline().strip()
    look = look_at_page if name == "dashboard" else look_at_foxglove
    print(asyncio.run(look(url)) if url else 0)


if __name__ == "__main__":
    main(sys.argv[1])
