import pytest

from waitlists import errors


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.BadArgument("x", field="org"), 2),
        (errors.NotFound("x", near=("SALT",)), 2),
        (errors.FileRefused("x", code="EMPTY"), 10),
        (errors.IdentifiersFound("x", code="IDENTIFIERS"), 11),
        (errors.DatabaseUnavailable("x"), 12),
        (errors.DiskFull("x"), 12),
        (errors.BackupNotWritten("x"), 12),
        (errors.SchemaMismatch("x"), 13),
        (errors.FinishedInPart("x"), 14),
        (errors.HeldForApproval("x"), 15),
    ],
)
def test_every_error_ends_a_command_with_its_own_code(error: errors.WaitlistsError, code: int) -> None:
    assert isinstance(error, errors.WaitlistsError)
    assert error.exit_code == code
    assert str(error) == "x"


def test_an_unknown_name_comes_with_the_nearest_ones() -> None:
    error = errors.NotFound("no such service", field="service", near=("SALT", "ASD"))
    assert (error.field, error.near) == ("service", ("SALT", "ASD"))
    assert errors.BadArgument("x").field is None
