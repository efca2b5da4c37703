"""Write each engine's statement into tests/golden/sources. Usage: python -m tests.tools.write_source_goldens; read the diff."""

from tests.fakes.lakes.statements import DIALECTS, GOLDENS, statement_of

if __name__ == "__main__":
    GOLDENS.mkdir(exist_ok=True)
    for engine in DIALECTS:
        (GOLDENS / f"{engine}.sql").write_bytes(statement_of(engine).encode())
