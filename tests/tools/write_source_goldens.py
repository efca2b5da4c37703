"""Write the statements that are held by their text. Usage: python -m tests.tools.write_source_goldens; read the diff."""

from tests.fakes.lakes.statements import GOLDENS, HELD_BY_TEXT, statement_of

if __name__ == "__main__":
    GOLDENS.mkdir(exist_ok=True)
    for engine in HELD_BY_TEXT:
        (GOLDENS / f"{engine}.sql").write_bytes(statement_of(engine).encode())
