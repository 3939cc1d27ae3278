"""Sends spans with every field set over each transport and compression, and compares each field.

    matrix.py PROGRAM [SPANS]

First straight to `receiver.py`, then through `rotel`. What came of it is one line a combination; the
first that does not hold is shown field by field, and ends the run.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import trustme
from collectors import Failed, Receiver, Rotel, report_of, sender
from compare import compare, is_read_inexactly

SPANS = 100_000
PROTOCOLS = ("grpc", "http/protobuf", "http/json")
COMPRESSIONS = ("none", "gzip", "zstd")


def main(program: Path, spans: int) -> None:
    work = Path(tempfile.mkdtemp(prefix="matrix-", dir=Path(sys.prefix).parent))
    proof = Proof(program, spans, work)
    for protocol in PROTOCOLS:
        for compression in COMPRESSIONS:
            proof.straight(protocol, compression)
    for protocol in PROTOCOLS:
        proof.straight_with_tls(protocol)
    # rotel speaks no zstd.
    proof.through_rotel("grpc", "gzip")
    proof.through_rotel("http/protobuf", "none")
    # Its reader of JSON refuses a request in which there is a NaN or an infinity, which OTLP/JSON has
    # as texts, and rounds doubles more than once, which is foretold: nothing else on the way alters a field.
    proof.through_rotel("http/json", "gzip", "finite", is_known=is_read_inexactly)
    proof.into_the_blackhole("grpc", "none")
    # Kept where a proof failed: the lines and the log say why.
    shutil.rmtree(work)


class Proof:
    """What is sent where, and a folder for what that leaves behind."""

    def __init__(self, program: Path, spans: int, work: Path) -> None:
        self.program, self.spans, self.work = program, spans, work
        self.recorded, self.arrived = work / "recorded.lines", work / "arrived.lines"

    def straight(self, protocol: str, compression: str) -> None:
        """To the receiver, which says in what form the spans came."""
        receiver = Receiver(server_of(protocol, compression), self.arrived)
        said = self.send(f"http://127.0.0.1:{receiver.port}", protocol, compression)
        counts = receiver.stop()
        expect_wire(protocol, compression, counts)
        self.compare(f"{protocol} {compression} → receiver", said, counts)

    def straight_with_tls(self, protocol: str) -> None:
        """To the receiver behind TLS, which asks the client for a certificate of its own."""
        variables, words = certificates(self.work)
        receiver = Receiver(server_of(protocol, "gzip"), self.arrived, *words)
        endpoint = f"https://localhost:{receiver.port}"
        said = self.send(endpoint, protocol, "gzip", variables=variables)
        self.compare(f"{protocol} gzip, TLS both ways → receiver", said, receiver.stop())

    def through_rotel(self, protocol: str, compression: str, *words: str, is_known=None) -> None:
        """To rotel, which sends them on, all fields as they were but for what is known of it."""
        receiver = Receiver("grpc", self.arrived)
        onward = f"http://127.0.0.1:{receiver.port}"
        # Its batching splits what is longer than 8,192 spans, and the first part loses its resource.
        exporter = ("--exporter", "otlp", "--otlp-exporter-endpoint", onward, "--disable-batching")
        rotel = Rotel(self.work, *exporter).start()
        endpoint = endpoint_of(rotel, protocol)
        said = self.send(endpoint, protocol, compression, *words)
        rotel.stop()
        self.compare(f"{protocol} {compression} → rotel → receiver", said, receiver.stop(), is_known)

    def into_the_blackhole(self, protocol: str, compression: str) -> None:
        """To rotel, which counts them in its log and drops them."""
        rotel = Rotel(self.work, "--exporter", "blackhole").start()
        said = self.send(endpoint_of(rotel, protocol), protocol, compression)
        rotel.stop()
        if rotel.received() != said["spans"]:
            raise Failed(f"rotel counted {rotel.received()} spans of {said['spans']}")
        print(f"{protocol} {compression} → rotel's blackhole: {told(said)}", flush=True)

    def send(self, endpoint: str, protocol: str, compression: str, *words, variables=None) -> dict:
        exporter = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
            "OTEL_EXPORTER_OTLP_PROTOCOL": protocol,
            "OTEL_EXPORTER_OTLP_COMPRESSION": compression,
        }
        asked = ["every-field", self.spans, self.recorded, *words]
        return report_of(sender(self.program, asked, exporter | (variables or {})))

    def compare(self, way: str, said: dict, counts: dict, is_known=None) -> None:
        comparison = compare(self.recorded, self.arrived, is_known)
        if not comparison.is_equal or comparison.same != said["spans"]:
            raise Failed(f"{way}: the spans are not the same\n{comparison.report()}")
        wire = f"{counts['requests']} requests of {counts['longest']:,} bytes at most"
        known = f" but for {comparison.excused} last bits of doubles" if comparison.excused else ""
        print(f"{way}: {told(said)}, equal in every field{known}; {wire}", flush=True)


def told(said: dict) -> str:
    return f"{said['spans']:,} spans, {said['spans'] / said['seconds']:,.0f} a second"


def server_of(protocol: str, compression: str) -> str:
    if protocol != "grpc":
        return "http"
    return "grpc-zstd" if compression == "zstd" else "grpc"


def endpoint_of(rotel: Rotel, protocol: str) -> str:
    return f"http://127.0.0.1:{rotel.grpc if protocol == 'grpc' else rotel.http}"


def expect_wire(protocol: str, compression: str, counts: dict) -> None:
    """Holds the form that was asked for against the one that came."""
    form = "json" if protocol == "http/json" else "protobuf"
    encoding = "identity" if compression == "none" else compression
    if server_of(protocol, compression) == "grpc":
        # It decompresses what it knows by itself, and does not say what it was.
        encoding = "grpcio"
    if counts["wire"].keys() != {f"{form}/{encoding}"}:
        raise Failed(f"{protocol} {compression} came as {counts['wire']}")


def certificates(work: Path) -> tuple[dict[str, str], list[str | Path]]:
    """Makes an authority, and returns what the sender and what the receiver are told of it."""
    authority = trustme.CA()
    server, client = authority.issue_cert("localhost"), authority.issue_cert("sender.test")
    files = {name: work / f"{name}.pem" for name in ("authority", "server", "key", "client", "own")}
    authority.cert_pem.write_to_path(files["authority"])
    server.private_key_pem.write_to_path(files["key"])
    server.cert_chain_pems[0].write_to_path(files["server"])
    client.private_key_pem.write_to_path(files["own"])
    client.cert_chain_pems[0].write_to_path(files["client"])
    variables = {
        "OTEL_EXPORTER_OTLP_CERTIFICATE": str(files["authority"]),
        "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE": str(files["client"]),
        "OTEL_EXPORTER_OTLP_CLIENT_KEY": str(files["own"]),
    }
    words = ["--certificate", files["server"], "--key", files["key"]]
    return variables, [*words, "--client-authority", files["authority"]]


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else SPANS)
    except Failed as failed:
        sys.exit(f"collectors: {failed}")
