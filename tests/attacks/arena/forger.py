"""What attacks begin with that speak to the judge themselves: `{forger}` stands for this text.

`forge(answer)` answers every request of the judge from now on with `answer(request, honest)`, bytes
both, where `honest()` is what the service would have said. `message(text, *blobs)` is one of the
wire.
"""

import socket
import struct

from autograder import service


def message(text, *blobs):
    parts = [text, *blobs]
    lengths = b"".join(struct.pack(">Q", len(part)) for part in parts)
    return struct.pack(">I", len(parts)) + lengths + b"".join(parts)


def receive(end, count):
    data = b""
    while len(data) < count and (more := end.recv(count - len(data))):
        data += more
    return data


def forge(answer):
    real = service._answer

    def serve(fd, names):
        end = socket.socket(fileno=socket.dup(fd))
        while size := receive(end, 8):
            request = receive(end, *struct.unpack(">Q", size))
            if b'"end"' in request[:200]:
                return
            told = answer(request, lambda request=request: real(request, names))
            end.sendall(struct.pack(">Q", len(told)) + told)

    service.serve = serve
