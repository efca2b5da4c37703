"""Backups in a bucket that speaks S3. The only module that knows boto3, which is an extra of its own.

Credentials come from the environment alone: no file of a home folder and no address of a cloud's machine is asked for them.
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import ConfigError, InputError, MachineError, end_sentence
from core.maintenance.backup import back_up, half_done
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.config import Bucket
    from core.warehouse import Warehouse

KEY_ID, SECRET = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 60, 3
KNOWN_SECONDS = 300.0
"""So long health believes what a listing said: it looks every few seconds, and a provider counts requests."""
MEBIBYTE = 1024 * 1024
RIGHTS = "s3:ListBucket, s3:ListBucketMultipartUploads, s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload"
ADVICE = {
    "NoSuchBucket": "Create the bucket, or name another in app.yaml under backup.to.",
    "AccessDenied": f"The key in {KEY_ID} needs {RIGHTS} there.",
    "403": f"The key in {KEY_ID} needs {RIGHTS} there.",
    "InvalidAccessKeyId": f"Check that {KEY_ID} and {SECRET} belong to this provider.",
    "SignatureDoesNotMatch": f"Check that {KEY_ID} and {SECRET} belong to this provider.",
    "PermanentRedirect": "Set AWS_REGION to the bucket's region.",
}
USUAL_ADVICE = "Check whether the bucket can be reached from here, with the AWS_… variables of this process."


class Listing(NamedTuple):
    """What a place held when it was last asked, by the monotonic clock; or why it could not be asked."""

    at: float
    names: tuple[str, ...]
    trouble: MachineError | None = None


_listings: dict[Bucket, Listing] = {}


class BucketPlace:
    """A place in a bucket where backups lie. Nobody else may keep backups of another warehouse under the same address."""

    def __init__(self, bucket: Bucket) -> None:
        """Connect to nothing yet. Raises: ConfigError, naming each variable that is not set; InputError, without boto3."""
        require_credentials()
        self._bucket = bucket
        self._client = _client()

    def address(self, name: str) -> str:
        """Return where a backup lies."""
        return f"{self._bucket}/{name}"

    def names(self) -> tuple[str, ...]:
        """Return the names of all objects at this place, not below it. Raises: MachineError."""
        start, found = self._bucket.key(""), []
        with self._explained("cannot be listed"):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket.name, Prefix=start):
                found += [one["Key"].removeprefix(start) for one in page.get("Contents", ())]
        names = tuple(name for name in found if name and "/" not in name)
        _listings[self._bucket] = Listing(time.monotonic(), names)
        return names

    def names_lately(self) -> tuple[str, ...]:
        """Return what `names` returned within the last minutes, for whoever asks all the time. Raises: MachineError."""
        known = _listings.get(self._bucket)
        if known is None or time.monotonic() - known.at > KNOWN_SECONDS:
            try:
                return self.names()
            except MachineError as trouble:
                known = _listings[self._bucket] = Listing(time.monotonic(), (), trouble)
        if known.trouble:
            raise known.trouble
        return known.names

    def add(self, warehouse: Warehouse, name: str) -> None:
        """Write a checked backup beside the warehouse, upload it, and read it back; what is there is byte for byte the same.

        What an upload that was killed left in the bucket is removed first. Raises: InputError, MachineError.
        """
        self._remove_unfinished(name)
        with warehouse.spool() as folder:
            file = folder / name
            back_up(warehouse, file)
            with self._explained("cannot be written"):
                self._client.upload_file(str(file), self._bucket.name, self._bucket.key(name))
            with file.open("rb") as copy:
                written = hashlib.file_digest(copy, "sha256").hexdigest()
        self._require_same(name, written)

    def remove(self, name: str) -> None:
        """Remove a backup, if it is there. Raises: MachineError."""
        with self._explained("cannot be changed"):
            self._client.delete_object(Bucket=self._bucket.name, Key=self._bucket.key(name))
        _listings.pop(self._bucket, None)

    @contextmanager
    def fetched(self, name: str, folder: Path) -> Iterator[Path]:
        """Give a copy of a backup in a folder, until the end of the block. Raises: InputError, if there is none; MachineError."""
        with half_done(folder / name) as file:
            with self._explained("cannot be read", name):
                self._client.download_file(self._bucket.name, self._bucket.key(name), str(file))
            yield file

    def _require_same(self, name: str, written: str) -> None:
        """Remove what was uploaded again, unless it comes back as it was sent. Raises: MachineError, if it does not."""
        try:
            is_same = self._sha256(name) == written
        except MachineError:
            with suppress(MachineError):  # so that the next hour does not take it for a backup
                self.remove(name)
            raise
        if not is_same:
            self.remove(name)
            raise MachineError(
                f"{self.address(name)} is not what was uploaded, so it was removed again. Try again: agentcost backup"
            )
        _listings.pop(self._bucket, None)

    def _sha256(self, name: str) -> str:
        digest = hashlib.sha256()
        with self._explained("cannot be read"):
            body = self._client.get_object(Bucket=self._bucket.name, Key=self._bucket.key(name))["Body"]
            for part in body.iter_chunks(MEBIBYTE):
                digest.update(part)
        return digest.hexdigest()

    def _remove_unfinished(self, like: str) -> None:
        """Abort the uploads of backups that nobody goes on with: one process at a time has the warehouse."""
        start, ending = self._bucket.key(like.partition("-")[0]), Path(like).suffix
        with self._explained("cannot be listed"):
            for page in self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket.name, Prefix=start):
                for upload in page.get("Uploads", ()):
                    if upload["Key"].endswith(ending):
                        self._client.abort_multipart_upload(
                            Bucket=self._bucket.name, Key=upload["Key"], UploadId=upload["UploadId"]
                        )

    @contextmanager
    def _explained(self, what: str, name: str = "") -> Iterator[None]:
        """Raise a sentence of ours for whatever boto3 raises."""
        from boto3.exceptions import Boto3Error  # noqa: PLC0415 - an extra
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - as above

        try:
            yield
        except ClientError as trouble:
            code = str(trouble.response.get("Error", {}).get("Code", ""))
            if name and code in {"404", "NoSuchKey"}:
                raise InputError(f"There is no backup at {self.address(name)}.") from trouble
            said = trouble.response.get("Error", {}).get("Message") or code
            raise MachineError(f"{self._bucket} {what}: {end_sentence(said)} {ADVICE.get(code, USUAL_ADVICE)}") from trouble
        except (BotoCoreError, Boto3Error) as trouble:
            raise MachineError(f"{self._bucket} {what}: {end_sentence(str(trouble))} {USUAL_ADVICE}") from trouble


def require_credentials() -> None:
    """Raise ConfigError, naming each variable of the credentials that is not set."""
    if missing := [name for name in (KEY_ID, SECRET) if not os.environ.get(name)]:
        raise ConfigError([f"{name} is not set, without which backups do not reach their bucket." for name in missing])


def _client() -> Any:  # noqa: ANN401 - boto3 makes its clients as it goes, without types
    """Return what speaks to the provider. Raises: InputError, where boto3 is not installed; ConfigError, for a wrong variable."""
    try:
        import boto3  # noqa: PLC0415 - an extra
        import botocore.session  # noqa: PLC0415 - as above
        from botocore.config import Config  # noqa: PLC0415 - as above
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - as above
    except ImportError:
        raise InputError("Backups in a bucket need the package boto3: pip install 'agentcost[s3]'.") from None
    own: dict[str, Any] = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    own["profile"] = (None, None, None, None)  # one of a file, which is not read
    session = boto3.Session(
        aws_access_key_id=os.environ[KEY_ID],
        aws_secret_access_key=os.environ[SECRET],
        aws_session_token=os.environ.get("AWS_SESSION_TOKEN") or None,
        region_name=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1",
        botocore_session=botocore.session.Session(session_vars=own),
    )
    settings = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
        # Checksums in trailers, boto3's default since 1.36, are refused by other makers' stores; what was written is read back.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    try:
        return session.client("s3", config=settings)
    except (BotoCoreError, ValueError) as trouble:
        raise ConfigError([f"AWS_REGION or AWS_ENDPOINT_URL_S3 is not valid: {end_sentence(str(trouble))}"]) from trouble
