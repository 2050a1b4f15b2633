"""Every option once: default, meaning, environment name.  Command line, help and documents are derived from here.

In order of precedence: option, environment `IMPORTER_*`, `importer.toml` in the working folder, `importer.toml` in the
user's config folder.  In either file, `[profiles.NAME]` holds what `--profile NAME` puts over the rest of that file.
"""

import codecs
import hashlib
import hmac
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from platformdirs import user_config_path, user_state_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from importer.errors import WrongSettings
from importer.speech import Speech, language_of
from schemas import ENTITIES
from schemas.nearest import nearest

APP = "sevensenders-importer"
FILE = "importer.toml"
PREFIX = "IMPORTER_"
"""Before the names of settings in the environment."""
BELOW = "__"
"""There, between a table and a name in it."""
PROFILE = PREFIX + "PROFILE"
SEPARATORS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}
"""Separators that are hard to type on a command line."""

NO_ENCODINGS = ("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape")
"""What Python has beside the encodings of files."""

TEST_ENVIRONMENT = "https://api-uat.sevensenders.com/v2"
"""The vendor's test environment, with an access key of its own (new portal, page "Authentication")."""


class LookUps(BaseModel):
    """Look-ups that the vendor does not document; off, the ledger decides, and what it cannot decide is in doubt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    products: bool = Field(default=True, description="GET /products?sku=")
    shipments: bool = Field(default=True, description="GET /shipments?reference_number=")
    order_items: bool = Field(default=True, description="GET /order_items?order_id=")
    shipment_events: bool = Field(default=True, description="GET /shipment/events/{id}, known from 2017")


class ApiSettings(BaseModel):
    """The table `[api]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paths: Mapping[str, str] = Field(default_factory=dict, description="path per entity, where it is not the usual one")
    lookups: LookUps = Field(default_factory=LookUps, description="look-ups that may be off")
    connect_timeout_s: float = Field(default=5, gt=0, description="seconds to wait for a connection")
    read_timeout_s: float = Field(default=30, gt=0, description="seconds to wait for an answer")
    tries: int = Field(default=6, ge=1, description="how often a request that was surely not done is sent")
    patience_s: float = Field(default=300, ge=0, description="seconds to wait in all for a server that says wait")
    settle_s: float = Field(
        default=10,
        ge=0,
        description="seconds after which a record that the server does not show surely did not arrive; "
        "a server that stores later than that gets it twice",
    )

    @field_validator("paths")
    @classmethod
    def _known_entities(cls, paths: Mapping[str, str]) -> Mapping[str, str]:
        unknown = set(paths) - {entity.name for entity in ENTITIES}
        if unknown:
            raise ValueError(f"{min(unknown)} is no entity")
        return paths


class Settings(BaseSettings):
    """All settings of one call, frozen."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=BELOW, extra="forbid", frozen=True, env_ignore_empty=True
    )

    base_url: str = Field(default="", description="address of the API with its version, such as " + TEST_ENVIRONMENT)
    access_key: SecretStr | None = Field(default=None, description="access key; environment only")
    access_key_file: Path | None = Field(default=None, description="file that holds the access key")
    account: str = Field(default="", description="name of the account in the ledger; blank = the base URL")
    ledger: str = Field(
        default="", description="SQLAlchemy URL of the ledger; blank = a SQLite file in the state folder"
    )
    timezone: str = Field(default="Europe/Berlin", description="zone of dates and times written without an offset")
    clear_word: str = Field(default="#CLEAR", min_length=1, description="cell that removes a value from the server")
    decimal: Literal["", ".", ","] = Field(default="", description="decimal sign where 1.234 or 1,234 could be either")
    day_first: bool | None = Field(default=None, description="whether 03/04/2026 is 3 April; unset = ask")
    encoding: str = Field(default="", description="character encoding of CSV files, such as cp1252; unset = found out")
    separator: str = Field(
        default="", description="what stands between the cells of CSV files: a character, or tab; unset = found out"
    )
    fill_merged: bool = Field(default=False, description="give every cell of merged cells the value of the first")
    visible_only: bool = Field(default=False, description="leave rows out that a filter or somebody has hidden")
    accept_serial_dates: bool = Field(
        default=False, description="take 46053 in a column of dates for the day that Excel counts so"
    )
    existing: Literal["skip", "update", "fail"] = Field(
        default="update", description="what to do with rows that are on the server with other content"
    )
    link: Literal["update", "create"] = Field(
        default="update", description="items get their shipment by a later PUT, or at once (create, fewer requests)"
    )
    complete_boarding: bool = Field(
        default=False, description="set boarding_complete once all shipments of an order in this run are in"
    )
    workers: int = Field(default=8, ge=1, le=256, description="requests under way at once, for as many orders")
    rate: float | None = Field(default=None, gt=0, description="most requests a second; unset = learned")
    max_errors: str = Field(default="", description="stop once more rows have failed than N, or than N% of all")
    strict: bool = Field(default=False, description="send nothing if any row is rejected")
    repair: bool = Field(default=False, description="make the repairs that are proposed for damaged cells")
    fixes: Path | None = Field(default=None, description="correction profile (TOML): how certain texts are to be read")
    language: Literal["", "en", "de"] = Field(
        default="", description="language of what is said to people; blank = that of the environment (LANG), or English"
    )
    report_dir: Path = Field(default=Path("reports"), description="folder that gets a folder per run")
    private_addresses: bool = Field(default=False, description="fetch pictures from private networks, too")
    lease_s: float = Field(default=60, gt=0, description="seconds after which a dead run's lease ends")
    api: ApiSettings = Field(default_factory=ApiSettings, description="the API's paths, look-ups and time-outs")

    @field_validator("base_url")
    @classmethod
    def _address(cls, base_url: str) -> str:
        if base_url and not base_url.startswith(("http://", "https://")):
            raise ValueError("a web address is wanted, such as " + TEST_ENVIRONMENT)
        return base_url.rstrip("/")

    @field_validator("max_errors")
    @classmethod
    def _number_or_share(cls, most: str) -> str:
        if not re.fullmatch(r"([0-9]+%?)?", most):
            raise ValueError("a whole number of rows is wanted, such as 20, or a share of all, such as 5%")
        return most

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str) -> str:
        if encoding and not is_encoding(encoding):
            raise ValueError(f"there is no encoding {encoding}; known are utf-8, cp1252, cp1250, iso8859-15, mac-roman")
        return encoding

    @field_validator("separator")
    @classmethod
    def _one_character(cls, separator: str) -> str:
        found = SEPARATORS.get(separator.strip().lower(), separator)
        if len(found) > 1 or found in {'"', "\n", "\r"}:
            raise ValueError("a single character is wanted, such as ; or the word tab")
        return found

    # --- what follows from the settings ---------------------------------------------------------------------

    @property
    def state_folder(self) -> Path:
        """The user's folder for what outlives a run."""
        return user_state_path(APP)

    @property
    def ledger_url(self) -> str:
        """Where the ledger is."""
        return self.ledger or f"sqlite:///{quote(str(self.state_folder / 'ledger.sqlite'))}"

    @property
    def speech(self) -> Speech:
        """How to speak to people."""
        return Speech(self.language or "en")

    @property
    def account_name(self) -> str:
        """The account's name in the ledger."""
        return self.account or self.base_url

    def secret(self) -> SecretStr:
        """The access key, from the environment or the named file; raises `WrongSettings`."""
        if self.access_key is not None and self.access_key.get_secret_value().strip():
            return SecretStr(self.access_key.get_secret_value().strip())
        if self.access_key_file is not None:
            return SecretStr(_read_key(self.access_key_file))
        raise WrongSettings(
            "No access key: set IMPORTER_ACCESS_KEY, or IMPORTER_ACCESS_KEY_FILE to a file that holds it."
        )

    def key_print(self) -> str:
        """A fingerprint of the access key that tells two keys apart and does not give the key away."""
        return hmac.new(APP.encode(), self.secret().get_secret_value().encode(), hashlib.sha256).hexdigest()[:16]

    def wanted_base_url(self) -> str:
        """The base URL; raises `WrongSettings` when there is none, for no environment is a safe default."""
        if not self.base_url:
            raise WrongSettings(
                "No API address: give --base-url or set IMPORTER_BASE_URL. "
                "The vendor's test environment is {address}; `importer demo` needs none.",
                address=TEST_ENVIRONMENT,
            )
        return self.base_url


def load(options: Mapping[str, Any], *, profile: str | None = None, folder: Path | None = None) -> Settings:
    """The settings for one call.

    *options* are those given on the command line; None means "not given".  *folder* is the working folder.

    Raises:
        WrongSettings: a file that is no TOML, an unknown profile, an unknown or senseless setting.
    """
    files = _of_files(profile or os.environ.get(PROFILE), folder or Path.cwd())

    class Loaded(Settings):
        """`Settings` with the files as the lowest source."""

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, InitSettingsSource(settings_cls, init_kwargs=files)

    try:
        loaded = Loaded(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        raise WrongSettings(_sentence(error)) from None
    return loaded if loaded.language else loaded.model_copy(update={"language": language_of(os.environ)})


def environment_names() -> set[str]:
    """The names of all settings in the environment; those in tables have the table's name before them."""
    return set(_environment_names(Settings, PREFIX))


def _environment_names(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _environment_names(inner, f"{prefix}{name.upper()}{BELOW}")
        yield prefix + name.upper()


def is_encoding(name: str) -> bool:
    """Whether Python knows a character encoding of this *name*."""
    try:
        return "a".encode(name).decode(name) == "a" and codecs.lookup(name).name not in NO_ENCODINGS
    except (LookupError, ValueError):
        return False


def _of_files(profile: str | None, folder: Path) -> dict[str, Any]:
    """The user's file, under the working folder's, each with its profile's table over the rest of it."""
    paths = (user_config_path(APP) / FILE, folder / FILE)
    contents = [_read(path) for path in paths]
    if profile and not any(profile in content.get("profiles", {}) for content in contents):
        raise WrongSettings(
            f"There is no profile {profile}: no [profiles.{profile}] in {' or '.join(map(str, paths))}."
        )
    merged: dict[str, Any] = {}
    for content in contents:
        profiles = content.pop("profiles", {})
        merged = _over(_over(merged, content), profiles.get(profile, {}))
    return merged


def _over(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """*upper* laid over *lower*, table by table."""
    tables = {
        name: _over(lower[name], value)
        for name, value in upper.items()
        if isinstance(value, Mapping) and isinstance(lower.get(name), Mapping)
    }
    return {**lower, **upper, **tables}


def _read(path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongSettings(f"{path} is not valid TOML: {error}.") from error
    except OSError as error:
        raise WrongSettings(f"{path} cannot be read: {error.strerror}.") from error
    if any("access_key" in table for table in (content, *content.get("profiles", {}).values())):
        raise WrongSettings(
            f"{path} holds an access key. Keys are kept apart: use IMPORTER_ACCESS_KEY or access_key_file."
        )
    return content


def _read_key(path: Path) -> str:
    try:
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSettings(f"The access key file {path} cannot be read.") from error
    if not key:
        raise WrongSettings(f"The access key file {path} is empty.")
    return key


def _sentence(error: ValidationError) -> str:
    """What is wrong with the first setting that is, without its value: it may be a secret."""
    first = error.errors(include_input=False, include_url=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        near = nearest(name, Settings.model_fields)
        return f"There is no setting {name}." + (f" Did you mean {near}?" if near else "")
    return f"The setting {name} is not right: {first['msg'].removeprefix('Value error, ')}."
