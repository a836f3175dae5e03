"""The algorithms that turn passwords into what may be stored (documentation: topics/auth/passwords).

A hasher writes, reads and checks texts of the form ``algorithm$parameters$salt$hash``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any, ClassVar

from nuages.i18n.translation import gettext_noop as _
from nuages.text.crypto import RANDOM_STRING_CHARS, constant_time_compare, get_random_string, pbkdf2


def mask_hash(hash: str, show: int = 6, char: str = "*") -> str:
    """The first characters of a hash, and stars for the rest."""
    return hash[:show] + char * len(hash[show:])


def must_update_salt(salt: str, expected_entropy: float) -> bool:
    """Whether a salt has less entropy (in bits) than a fresh one."""
    return len(salt) * math.log2(len(RANDOM_STRING_CHARS)) < expected_entropy


def _bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


class BasePasswordHasher:
    """What a hasher defines: ``algorithm``, ``encode``, ``decode``, ``verify``, ``safe_summary``, ``must_update``,
    ``harden_runtime``."""

    algorithm: str = None  # type: ignore[assignment]
    library: str | tuple[str, str] | None = None
    salt_entropy: ClassVar[int] = 128

    def _load_library(self) -> Any:
        if self.library is None:
            raise ValueError(f"Hasher {type(self).__name__!r} doesn't specify a library attribute")
        name = self.library if isinstance(self.library, str) else self.library[1]
        try:
            return import_module(name)
        except ImportError as error:
            raise ValueError(f"Couldn't load {type(self).__name__!r} algorithm library: {error}") from error

    def salt(self) -> str:
        """A random salt of ``salt_entropy`` bits."""
        return get_random_string(math.ceil(self.salt_entropy / math.log2(len(RANDOM_STRING_CHARS))))

    def verify(self, password: str, encoded: str) -> bool:
        """Whether the password is the one that was stored."""
        raise _missing("a verify()")

    def _check_encode_args(self, password: str | bytes | None, salt: str) -> None:
        if password is None:
            raise TypeError("password must be provided.")
        if not salt or "$" in salt:
            raise ValueError("salt must be provided and cannot contain $.")

    def encode(self, password: str | bytes, salt: str) -> str:
        """The text to store, of at most 128 characters."""
        raise _missing("an encode()")

    def decode(self, encoded: str) -> dict[str, Any]:
        """The parts of a stored text, at least ``algorithm``, ``hash`` and ``salt``."""
        raise _missing("a decode()")

    def safe_summary(self, encoded: str) -> dict[str, Any]:
        """What may be shown of a stored password."""
        raise _missing("a safe_summary()")

    def must_update(self, encoded: str) -> bool:
        """Whether the text was made with other parameters than today's."""
        return False

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Spend the time by which checking this text is quicker than checking one made with today's parameters."""
        warnings.warn("subclasses of BasePasswordHasher should provide a harden_runtime() method", stacklevel=2)


def _missing(method: str) -> NotImplementedError:
    return NotImplementedError(f"subclasses of BasePasswordHasher must provide {method} method")


class PBKDF2PasswordHasher(BasePasswordHasher):
    """PBKDF2 with SHA-256 (RFC 8018)."""

    algorithm = "pbkdf2_sha256"
    iterations = 1_500_000
    digest: Callable[..., Any] = hashlib.sha256

    def encode(self, password: str | bytes, salt: str, iterations: int | None = None) -> str:
        """``pbkdf2_sha256$iterations$salt$hash``."""
        self._check_encode_args(password, salt)
        rounds = iterations or self.iterations
        raw = pbkdf2(password, salt, rounds, digest=type(self).digest)
        return f"{self.algorithm}${rounds}${salt}${base64.b64encode(raw).decode('ascii')}"

    def decode(self, encoded: str) -> dict[str, Any]:
        """The four parts."""
        algorithm, iterations, salt, digest = encoded.split("$", 3)
        return {"algorithm": algorithm, "hash": digest, "iterations": int(iterations), "salt": salt}

    def verify(self, password: str, encoded: str) -> bool:
        """Hash again with the stored parameters and compare."""
        parts = self.decode(encoded)
        return constant_time_compare(encoded, self.encode(password, parts["salt"], parts["iterations"]))

    def safe_summary(self, encoded: str) -> dict[str, Any]:
        """The parts, masked."""
        parts = self.decode(encoded)
        return {
            _("algorithm"): parts["algorithm"],
            _("iterations"): parts["iterations"],
            _("salt"): mask_hash(parts["salt"]),
            _("hash"): mask_hash(parts["hash"]),
        }

    def must_update(self, encoded: str) -> bool:
        """Whether rounds or salt are out of date."""
        parts = self.decode(encoded)
        return parts["iterations"] != self.iterations or must_update_salt(parts["salt"], self.salt_entropy)

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Do the missing rounds."""
        parts = self.decode(encoded)
        missing = self.iterations - parts["iterations"]
        if missing > 0:
            self.encode(password, parts["salt"], missing)


class PBKDF2SHA1PasswordHasher(PBKDF2PasswordHasher):
    """PBKDF2 with SHA-1, for passwords from elsewhere."""

    algorithm = "pbkdf2_sha1"
    digest = hashlib.sha1


class Argon2PasswordHasher(BasePasswordHasher):
    """Argon2id (RFC 9106)."""

    algorithm = "argon2"
    library = "argon2"

    time_cost = 2
    memory_cost = 102_400
    parallelism = 8

    def encode(self, password: str | bytes, salt: str) -> str:
        """``argon2$argon2id$v=…$m=…,t=…,p=…$salt$hash``."""
        self._check_encode_args(password, salt)
        argon2, parameters = self._load_library(), self.params()
        data = argon2.low_level.hash_secret(
            _bytes(password),
            salt.encode(),
            time_cost=parameters.time_cost,
            memory_cost=parameters.memory_cost,
            parallelism=parameters.parallelism,
            hash_len=parameters.hash_len,
            type=parameters.type,
        )
        return f"{self.algorithm}{data.decode('ascii')}"

    def decode(self, encoded: str) -> dict[str, Any]:
        """The parts and the parameters."""
        algorithm, rest = encoded.split("$", 1)
        parameters = self._load_library().extract_parameters("$" + rest)
        variety, *_unused, salt, digest = rest.split("$")
        padded = salt + "=" * (-len(salt) % 4)
        return {
            "algorithm": algorithm,
            "hash": digest,
            "memory_cost": parameters.memory_cost,
            "parallelism": parameters.parallelism,
            "salt": base64.b64decode(padded).decode("latin1"),
            "time_cost": parameters.time_cost,
            "variety": variety,
            "version": parameters.version,
            "params": parameters,
        }

    def verify(self, password: str, encoded: str) -> bool:
        """Whether Argon2 accepts the password."""
        argon2 = self._load_library()
        _algorithm, rest = encoded.split("$", 1)
        try:
            return bool(argon2.PasswordHasher().verify("$" + rest, password))
        except argon2.exceptions.VerificationError:
            return False

    def safe_summary(self, encoded: str) -> dict[str, Any]:
        """The parts, masked."""
        parts = self.decode(encoded)
        return {
            _("algorithm"): parts["algorithm"],
            _("variety"): parts["variety"],
            _("version"): parts["version"],
            _("memory cost"): parts["memory_cost"],
            _("time cost"): parts["time_cost"],
            _("parallelism"): parts["parallelism"],
            _("salt"): mask_hash(parts["salt"]),
            _("hash"): mask_hash(parts["hash"]),
        }

    def must_update(self, encoded: str) -> bool:
        """Whether a parameter or the salt is out of date."""
        parts = self.decode(encoded)
        wanted, found = self.params(), parts["params"]
        wanted.salt_len = found.salt_len
        return wanted != found or must_update_salt(parts["salt"], self.salt_entropy)

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing: Argon2's cost is not additive."""

    def params(self) -> Any:
        """The parameters of fresh hashes."""
        argon2 = self._load_library()
        defaults = argon2.PasswordHasher()
        return argon2.Parameters(
            type=argon2.low_level.Type.ID,
            version=argon2.low_level.ARGON2_VERSION,
            salt_len=defaults.salt_len,
            hash_len=defaults.hash_len,
            time_cost=self.time_cost,
            memory_cost=self.memory_cost,
            parallelism=self.parallelism,
        )


class BCryptSHA256PasswordHasher(BasePasswordHasher):
    """bcrypt over a SHA-256 digest, so that long passwords count to their end. Needs the extra ``bcrypt``."""

    algorithm = "bcrypt_sha256"
    digest: Callable[..., Any] | None = hashlib.sha256
    library = ("bcrypt", "bcrypt")
    rounds = 12

    def salt(self) -> str:
        """A bcrypt salt, with its cost."""
        return str(self._load_library().gensalt(self.rounds).decode("ascii"))

    def encode(self, password: str | bytes, salt: str | bytes) -> str:
        """``bcrypt_sha256$$2b$cost$saltandhash``."""
        library = self._load_library()
        secret = _bytes(password)
        digest = type(self).digest
        if digest is not None:
            secret = binascii.hexlify(digest(secret).digest())
        data = library.hashpw(secret, _bytes(salt))
        return f"{self.algorithm}${data.decode('ascii')}"

    def decode(self, encoded: str) -> dict[str, Any]:
        """The parts."""
        algorithm, _empty, variety, cost, data = encoded.split("$", 4)
        return {
            "algorithm": algorithm,
            "algostr": variety,
            "checksum": data[22:],
            "salt": data[:22],
            "work_factor": int(cost),
        }

    def verify(self, password: str, encoded: str) -> bool:
        """Hash again with the stored salt and compare."""
        _algorithm, data = encoded.split("$", 1)
        return constant_time_compare(encoded, self.encode(password, data.encode("ascii")))

    def safe_summary(self, encoded: str) -> dict[str, Any]:
        """The parts, masked."""
        parts = self.decode(encoded)
        return {
            _("algorithm"): parts["algorithm"],
            _("work factor"): parts["work_factor"],
            _("salt"): mask_hash(parts["salt"]),
            _("checksum"): mask_hash(parts["checksum"]),
        }

    def must_update(self, encoded: str) -> bool:
        """Whether the cost is out of date."""
        return bool(self.decode(encoded)["work_factor"] != self.rounds)

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Hash as often as the stored cost falls short."""
        _algorithm, data = encoded.split("$", 1)
        salt = data[:29]  # with the leading $2b$12$
        cost = int(data.split("$")[2])
        for _round in range(2 ** (self.rounds - cost) - 1 if cost < self.rounds else 0):
            self.encode(password, salt.encode("ascii"))


class BCryptPasswordHasher(BCryptSHA256PasswordHasher):
    """Plain bcrypt: only the first 72 bytes of a password count."""

    algorithm = "bcrypt"
    digest = None


class ScryptPasswordHasher(BasePasswordHasher):
    """scrypt (RFC 7914)."""

    algorithm = "scrypt"
    block_size = 8
    maxmem = 0
    parallelism = 5
    work_factor = 2**14

    def encode(
        self, password: str | bytes, salt: str, n: int | None = None, r: int | None = None, p: int | None = None
    ) -> str:
        """``scrypt$work factor$salt$block size$parallelism$hash``."""
        self._check_encode_args(password, salt)
        n, r, p = n or self.work_factor, r or self.block_size, p or self.parallelism
        raw = hashlib.scrypt(_bytes(password), salt=salt.encode(), n=n, r=r, p=p, maxmem=self.maxmem, dklen=64)
        return f"{self.algorithm}${n}${salt}${r}${p}${base64.b64encode(raw).decode('ascii')}"

    def decode(self, encoded: str) -> dict[str, Any]:
        """The parts."""
        algorithm, n, salt, r, p, digest = encoded.split("$", 6)
        return {
            "algorithm": algorithm,
            "work_factor": int(n),
            "salt": salt,
            "block_size": int(r),
            "parallelism": int(p),
            "hash": digest,
        }

    def verify(self, password: str, encoded: str) -> bool:
        """Hash again with the stored parameters and compare."""
        parts = self.decode(encoded)
        again = self.encode(password, parts["salt"], parts["work_factor"], parts["block_size"], parts["parallelism"])
        return constant_time_compare(again, encoded)

    def safe_summary(self, encoded: str) -> dict[str, Any]:
        """The parts, masked."""
        parts = self.decode(encoded)
        return {
            _("algorithm"): parts["algorithm"],
            _("work factor"): parts["work_factor"],
            _("block size"): parts["block_size"],
            _("parallelism"): parts["parallelism"],
            _("salt"): mask_hash(parts["salt"]),
            _("hash"): mask_hash(parts["hash"]),
        }

    def must_update(self, encoded: str) -> bool:
        """Whether a parameter or the salt is out of date."""
        parts = self.decode(encoded)
        current = (self.work_factor, self.block_size, self.parallelism)
        return (parts["work_factor"], parts["block_size"], parts["parallelism"]) != current or must_update_salt(
            parts["salt"], self.salt_entropy
        )

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing: scrypt's cost is not additive."""


class MD5PasswordHasher(BasePasswordHasher):
    """Salted MD5: for tests, where speed counts and safety does not."""

    algorithm = "md5"

    def encode(self, password: str | bytes, salt: str) -> str:
        """``md5$salt$hash``."""
        self._check_encode_args(password, salt)
        return f"{self.algorithm}${salt}${hashlib.md5(salt.encode() + _bytes(password)).hexdigest()}"

    def decode(self, encoded: str) -> dict[str, Any]:
        """The three parts."""
        algorithm, salt, digest = encoded.split("$", 2)
        return {"algorithm": algorithm, "salt": salt, "hash": digest}

    def verify(self, password: str, encoded: str) -> bool:
        """Hash again and compare."""
        return constant_time_compare(encoded, self.encode(password, self.decode(encoded)["salt"]))

    def safe_summary(self, encoded: str) -> dict[str, Any]:
        """The parts, masked."""
        parts = self.decode(encoded)
        return {
            _("algorithm"): parts["algorithm"],
            _("salt"): mask_hash(parts["salt"], show=2),
            _("hash"): mask_hash(parts["hash"]),
        }

    def must_update(self, encoded: str) -> bool:
        """Whether the salt is out of date."""
        return must_update_salt(self.decode(encoded)["salt"], self.salt_entropy)

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing: there is no cost to make up for."""
