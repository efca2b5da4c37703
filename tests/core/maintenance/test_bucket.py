"""Backups in a bucket: complete, verified, only the newest kept; restoring; and failures, in a sentence."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bot.cli.main import main
from core.config import BackupSettings, Bucket, Config, WalletSettings, bucket_of
from core.errors import ConfigError, InputError, MachineError
from core.maintenance import add_backup, fetch_backup, measure_conditions, newest_backup, restore_until
from core.maintenance.bucket import BucketPlace
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.warehouse import Warehouse, open_warehouse
from tests.fakes.ports import free_port
from tests.fakes.s3 import VARIABLES, client_of, serving_s3

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
PLACE = Bucket("acme-backups", "agentcost")
EVENTS = 50


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server that speaks S3."""
    with serving_s3() as address:
        yield address


@pytest.fixture
def client(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """An empty bucket that this process may use, without anybody's home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", server)
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    anything = client_of(server)
    anything.create_bucket(Bucket=PLACE.name)
    yield anything
    for one in anything.list_objects_v2(Bucket=PLACE.name).get("Contents", ()):
        anything.delete_object(Bucket=PLACE.name, Key=one["Key"])
    for one in anything.list_multipart_uploads(Bucket=PLACE.name).get("Uploads", ()):
        anything.abort_multipart_upload(Bucket=PLACE.name, Key=one["Key"], UploadId=one["UploadId"])
    anything.delete_bucket(Bucket=PLACE.name)


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """A few events."""
    write_events(tmp_path / "export.csv", EVENTS, first_day=date(2026, 7, 10), days=5)
    with open_warehouse(tmp_path / "w.duckdb") as opened:
        import_files(opened, [tmp_path / "export.csv"], WalletSettings())
        yield opened


def keys(client: Any) -> list[str]:  # noqa: ANN401 - boto3 has no types
    """Return the keys in the bucket."""
    return [one["Key"] for one in client.list_objects_v2(Bucket=PLACE.name).get("Contents", ())]


def events(file: Path) -> int:
    """Return how many events a warehouse holds."""
    with open_warehouse(file) as warehouse:
        return int(warehouse.execute("SELECT count(*) FROM usage_events")[0][0])


def test_the_newest_backups_are_kept_in_a_bucket(client: Any, warehouse: Warehouse) -> None:  # noqa: ANN401 - as above
    """The newest two of four are kept; files of others or elsewhere stay; nothing is left beside the warehouse."""
    others = ["agentcost/mine.duckdb", "agentcost/old/agentcost-20200101T000000Z.duckdb", "agentcost-20200101T000000Z.duckdb"]
    for key in others:
        client.put_object(Bucket=PLACE.name, Key=key, Body=b"mine")
    for day in range(4):
        add_backup(warehouse, PLACE, NOW + timedelta(days=day), keep=2)
    ours = ["agentcost/agentcost-20260717T120000Z.duckdb", "agentcost/agentcost-20260718T120000Z.duckdb"]
    assert sorted(keys(client)) == sorted([*others, *ours])
    assert newest_backup(PLACE) == NOW + timedelta(days=3)
    assert list(warehouse.path.with_name("w.duckdb.spool").iterdir()) == []


def test_a_bucket_s_backup_is_the_warehouse(client: Any, warehouse: Warehouse, tmp_path: Path) -> None:  # noqa: ANN401, ARG001 - as above
    """The fetched file has every event, and is deleted afterwards."""
    address = add_backup(warehouse, PLACE, NOW, keep=2)
    with fetch_backup(address, tmp_path / "box") as file:
        assert events(file) == EVENTS
    assert list((tmp_path / "box").iterdir()) == []


def test_the_command_line_backs_up_into_a_bucket_and_restores(
    client: Any,  # noqa: ANN401 - as above
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`backup` without a name goes there; `restore` takes the printed address; `--until` finds the newest backup before it."""
    monkeypatch.setenv("AGENTCOST_WAREHOUSE", str(tmp_path / "w.duckdb"))
    (tmp_path / "app.yaml").write_text(f"backup: {{to: '{PLACE}', keep: 3}}\n", encoding="utf-8")
    write_events(tmp_path / "export.csv", EVENTS, first_day=date(2026, 7, 10), days=5)
    write_events(tmp_path / "more.csv", 20, seed=8, first_day=date(2026, 7, 10), days=5)
    assert main(["import", "export.csv"]) == 0
    assert main(["backup"]) == 0
    address = capsys.readouterr().out.split("restore ")[-1].strip()
    assert address == f"{PLACE}/{keys(client)[0].removeprefix('agentcost/')}"
    assert main(["import", "more.csv"]) == 0
    assert main(["restore", address]) == 0
    assert events(tmp_path / "w.duckdb") == EVENTS
    assert main(["import", "more.csv"]) == 0
    soon = datetime.now(UTC) + timedelta(seconds=1)  # said to the second, and after the import
    assert main(["restore", "--until", f"{soon:%Y-%m-%dT%H:%M:%S}"]) == 2
    assert (events(tmp_path / "w.duckdb"), "more.csv was imported after this backup" in capsys.readouterr().err) == (EVENTS, True)
    assert main(["restore", f"{PLACE}/agentcost-20000101T000000Z.duckdb"]) == 2
    assert "There is no backup at s3://acme-backups/agentcost/agentcost-20000101" in capsys.readouterr().err


def test_a_bucket_leads_to_an_instant(client: Any, warehouse: Warehouse) -> None:  # noqa: ANN401, ARG001 - as above
    """The newest backup before it is restored."""
    for day in range(3):
        add_backup(warehouse, PLACE, NOW + timedelta(days=day), keep=9)
    file = warehouse.path
    warehouse.close()
    restored = restore_until(PLACE, file.with_name("restored.duckdb"), NOW + timedelta(days=1, hours=23), ())
    assert str(restored.backup) == f"{PLACE}/agentcost-20260716T120000Z.duckdb"
    assert events(file.with_name("restored.duckdb")) == EVENTS
    with pytest.raises(InputError, match="no backup in s3://acme-backups/agentcost that was made before"):
        restore_until(PLACE, file, NOW - timedelta(days=1), ())


def test_what_a_killed_upload_left_is_removed(client: Any, warehouse: Warehouse) -> None:  # noqa: ANN401 - as above
    """Unfinished parts cost money; those of other people's uploads stay."""
    for key in ("agentcost/agentcost-20260701T120000Z.duckdb", "agentcost/film.mov"):
        upload = client.create_multipart_upload(Bucket=PLACE.name, Key=key)["UploadId"]
        client.upload_part(Bucket=PLACE.name, Key=key, UploadId=upload, PartNumber=1, Body=b"part")
    add_backup(warehouse, PLACE, NOW, keep=2)
    left = client.list_multipart_uploads(Bucket=PLACE.name).get("Uploads", ())
    assert [one["Key"] for one in left] == ["agentcost/film.mov"]


def test_what_arrives_damaged_is_removed(client: Any, warehouse: Warehouse) -> None:  # noqa: ANN401 - as above
    """If the store keeps something else than was sent, there is no new backup, and older ones stay."""
    add_backup(warehouse, PLACE, NOW, keep=1)
    place = BucketPlace(PLACE)
    place._client = Forgetful(client)
    with pytest.raises(MachineError, match="is not what was uploaded"):
        place.add(warehouse, "agentcost-20260716T120000Z.duckdb")
    assert keys(client) == ["agentcost/agentcost-20260715T120000Z.duckdb"]


def test_what_cannot_be_read_back_is_removed(client: Any, warehouse: Warehouse) -> None:  # noqa: ANN401 - as above
    """Otherwise the next run would count a backup that nobody has verified."""
    place = BucketPlace(PLACE)
    place._client = Unreadable(client)
    with pytest.raises(MachineError, match="cannot be read"):
        place.add(warehouse, "agentcost-20260716T120000Z.duckdb")
    assert keys(client) == []


class Forgetful:
    """A store that loses the last byte of each upload."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - as above
        self._client = client

    def upload_file(self, path: str, bucket: str, key: str) -> None:
        """Keep all but the last byte."""
        self._client.put_object(Bucket=bucket, Key=key, Body=Path(path).read_bytes()[:-1])

    def __getattr__(self, name: str) -> object:
        return getattr(self._client, name)


class Unreadable(Forgetful):
    """A store that accepts everything and returns nothing."""

    def get_object(self, **_: str) -> object:
        """Refuse."""
        raise ClientError({"Error": {"Code": "SlowDown", "Message": "Reduce your request rate."}}, "GetObject")


def test_health_says_how_old_the_newest_in_the_bucket_is(client: Any, warehouse: Warehouse) -> None:  # noqa: ANN401 - as above
    """The bucket is asked every few minutes at most; a backup made in between counts at once."""
    config = Config(backup=BackupSettings(PLACE))

    def backup_condition() -> tuple[bool, str]:
        found = {one.part: one for one in measure_conditions(warehouse, config, NOW + timedelta(hours=5))}["backup"]
        return found.is_well, found.why

    newest_backup(PLACE)
    assert backup_condition() == (False, "there is no backup yet")
    add_backup(warehouse, PLACE, NOW, keep=2)
    assert backup_condition() == (True, "the newest is 5 hours old")
    client.delete_object(Bucket=PLACE.name, Key="agentcost/agentcost-20260715T120000Z.duckdb")
    assert backup_condition() == (True, "the newest is 5 hours old")
    assert newest_backup(PLACE) is None


def test_credentials_come_from_the_environment_alone(
    client: Any,  # noqa: ANN401, ARG001 - as above
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A file in a home folder may be another account's and is not read; each missing variable is named."""
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").write_text(
        "[default]\naws_access_key_id = test\naws_secret_access_key = invented\n", encoding="utf-8"
    )
    for name in VARIABLES:
        monkeypatch.delenv(name)
    with pytest.raises(ConfigError) as refused:
        newest_backup(PLACE)
    assert [problem.split()[0] for problem in refused.value.problems] == list(VARIABLES)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("AWS_ENDPOINT_URL_S3", "minio:9000"), ("AWS_REGION", "eu west"), ("AWS_ENDPOINT_URL_S3", "not an address")],
)
def test_a_variable_that_is_wrong_is_named(
    variable: str,
    value: str,
    client: Any,  # noqa: ANN401, ARG001 - as above
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An address without a scheme, or an invalid region."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigError, match="AWS_REGION or AWS_ENDPOINT_URL_S3 is not valid"):
        newest_backup(PLACE)


def test_a_profile_of_a_file_is_not_asked_for(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401, ARG001 - as above
    """People with several accounts name one for other programs; this process uses its own key."""
    monkeypatch.setenv("AWS_PROFILE", "somebody-else")
    assert newest_backup(PLACE) is None


@pytest.mark.parametrize(
    ("place", "is_reached", "said"),
    [
        (Bucket("not-there"), True, "Create the bucket, or name another in app.yaml under backup.to."),
        (PLACE, False, "Check whether the bucket can be reached from here"),
    ],
)
def test_a_bucket_that_refuses_is_named_with_what_to_do(
    place: Bucket,
    is_reached: bool,  # noqa: FBT001 - a case
    said: str,
    client: Any,  # noqa: ANN401, ARG001 - as above
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The doctor finds it before the first backup does."""
    if not is_reached:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(MachineError, match=said):
        newest_backup(place)
    (tmp_path / "app.yaml").write_text(f"backup: {{to: '{place}'}}\n", encoding="utf-8")
    assert main(["doctor"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("address", ["s3://", "s3://A/b", "s3://ab", "gs://acme-backups", "https://acme/b", "s3://acme//x"])
def test_an_address_of_no_bucket_is_refused(address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is not taken for a folder with a strange name."""
    (tmp_path / "app.yaml").write_text(f"backup: {{to: '{address}'}}\n", encoding="utf-8")
    assert main(["doctor"]) == 2
    assert f'backup.to is "{address}": where backups go' in capsys.readouterr().err


def test_a_backup_is_not_written_to_a_file_called_like_a_bucket(capsys: pytest.CaptureFixture[str]) -> None:
    """`backup s3://…` says where the bucket is configured."""
    with pytest.raises(SystemExit) as ended:
        main(["backup", "s3://acme-backups/a.duckdb"])
    assert (ended.value.code, "backup.to" in capsys.readouterr().err) == (2, True)


def test_an_address_is_read_as_it_is_written() -> None:
    """With or without a folder, with or without a slash at the end."""
    said = ["s3://acme-backups/agentcost", "s3://acme-backups/a/b/", "s3://acme-backups"]
    assert [bucket_of(one) for one in said] == [PLACE, Bucket("acme-backups", "a/b"), Bucket("acme-backups")]
    assert [str(bucket_of(one)) for one in said] == [one.rstrip("/") for one in said]
    assert bucket_of("backups") is None
