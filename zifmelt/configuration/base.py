"""What all sections of the configuration are made of: strict types with limits, and frozen records."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from ..errors import InputError
from .messages import sentence


class Section(BaseModel):
    """A section of the configuration: frozen, and without room for keys that it does not know."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, validate_by_name=True, validate_by_alias=True
    )

    @classmethod
    def from_plain(cls, content: Mapping[str, Any], where: str = "") -> Self:
        """Check plain values, as YAML gives them, and make a record of them.

        Parameters
        ----------
        content
            The section.
        where
            Its path within the configuration, for messages.

        Raises
        ------
        InputError
            A key is unknown or missing, a value is not what it may be, or two values contradict each other;
            one sentence names the key and what would be right.
        """
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            raise InputError(sentence(error, cls.model_json_schema(), where)) from None

    def plain(self) -> dict[str, Any]:
        """Return the section as plain values, the inverse of `from_plain`; every number as it was written."""
        # Not in pydantic's JSON mode, where the keys of a mapping become text.
        return {name: _listed(value) for name, value in self.model_dump(by_alias=True).items()}


def _listed(value: Any) -> Any:
    """Turn tuples into lists, as YAML has them."""
    if isinstance(value, Mapping):
        return {key: _listed(entry) for key, entry in value.items()}
    return [_listed(entry) for entry in value] if isinstance(value, tuple | list) else value


def _checked(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    check(value)
    return value


T = TypeVar("T")
AsWritten = Annotated[T, WrapValidator(_checked), PlainSerializer(lambda value: value)]
"""Keeps 300 apart from 300.0: paths of simulations and what Snakemake remembers hold what was written."""


def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(values)) < len(values):
        raise ValueError("must not repeat an entry")
    return values


DISTINCT = AfterValidator(_distinct)
UNIQUE = {"uniqueItems": True}

Number = AsWritten[Annotated[float, Field(strict=True)]]
Positive = AsWritten[Annotated[float, Field(strict=True, gt=0)]]
NotNegative = AsWritten[Annotated[float, Field(strict=True, ge=0)]]
Count = Annotated[int, Field(strict=True, ge=1)]
Text = Annotated[str, Field(strict=True)]

Temperature = AsWritten[Annotated[float, Field(strict=True, gt=0, le=3000, description="temperature in K")]]
Duration = AsWritten[Annotated[float, Field(strict=True, gt=0, description="duration in ps")]]
Rate = AsWritten[Annotated[float, Field(strict=True, gt=0, description="heating or cooling rate in K/ps")]]
Distance = AsWritten[Annotated[float, Field(strict=True, gt=0, description="distance in angstrom")]]
Fraction = AsWritten[Annotated[float, Field(strict=True, gt=0, lt=1, description="fraction")]]
Share = AsWritten[Annotated[float, Field(strict=True, gt=0, le=1, description="share, up to 1")]]
LimitOfFraction = AsWritten[Annotated[float, Field(strict=True, ge=0, le=1, description="fraction")]]

Name = Annotated[
    str,
    Field(
        strict=True,
        pattern="^[A-Za-z0-9][A-Za-z0-9._-]*$",
        description="name of letters, digits and . _ -",
    ),
]
PlainName = Annotated[
    str,
    Field(strict=True, pattern="^[A-Za-z0-9][A-Za-z0-9_-]*$", description="name of letters, digits and _ -"),
]
Supercell = Annotated[
    str,
    Field(
        strict=True,
        pattern="^[1-9][0-9]*x[1-9][0-9]*x[1-9][0-9]*$",
        description="unit cells along a, b and c, such as 2x2x1",
    ),
]
SupercellKey = Literal["small", "large", "size_check"]

Temperatures = Annotated[
    tuple[Temperature, ...],
    Field(min_length=1, description="temperatures in K", json_schema_extra=UNIQUE),
    DISTINCT,
]
MoreTemperatures = Annotated[tuple[Temperature, ...], Field(json_schema_extra=UNIQUE), DISTINCT]
Names = Annotated[tuple[Text, ...], Field(min_length=1, json_schema_extra=UNIQUE), DISTINCT]
