"""Tests ask no other machine; what they stand on refuses it before anything is sent."""

import asyncio
import socket

import pytest

ELSEWHERE = ("192.0.2.1", 9)
"""An address that stands for none, of those kept for documentation."""


@pytest.mark.parametrize("way", ["connect", "connect_ex"])
def test_no_other_machine_is_reached(way):
    with socket.socket() as one, pytest.raises(ConnectionRefusedError, match=r"stay on this machine.*192\.0\.2\.1"):
        getattr(one, way)(ELSEWHERE)


def test_nor_is_it_by_what_waits_for_no_answer():
    with pytest.raises(ConnectionRefusedError, match="stay on this machine"):
        asyncio.run(asyncio.open_connection(*ELSEWHERE))


def test_this_machine_is():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as one:
        assert one.getpeername() == server.getsockname()
