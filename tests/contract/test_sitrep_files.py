"""From the bytes of a real file to a delivery: what the reader marks, the contract acts on."""

import pytest

from tests import sitrep_books as books
from tests.zips import packed, parts_of
from waitlists.domain import ParsedDelivery
from waitlists.errors import FileRefused
from waitlists.ingest import recognise, workbook


def delivered(content: bytes) -> ParsedDelivery:
    found = workbook.read(content)
    return recognise(found, name=None).parse(found)


def with_cell(reference: str, xml: str) -> bytes:
    """The file with one cell of Table 4 written as this XML; Table 4 is the sixth sheet."""
    parts = parts_of(books.as_xlsx(books.book()))
    name = "xl/worksheets/sheet6.xml"
    before, _, rest = parts[name].decode().partition(f'<c r="{reference}"')
    parts[name] = f"{before}{xml}{rest.partition('</c>')[2]}".encode()
    return packed(parts)


@pytest.mark.parametrize("layout", [books.book, lambda: books.early_2023(books.book())])
def test_a_file_gives_the_delivery_its_rows_promise(layout):
    assert delivered(books.as_xlsx(layout())) == books.parse(layout())


def test_an_error_cell_refuses_the_file_by_its_address():
    with pytest.raises(FileRefused, match="Table 4, row 10, cell G10: expected a whole number") as refused:
        delivered(with_cell("G10", '<c r="G10" t="e"><v>#REF!</v></c>'))

    assert refused.value.code == "CONTRACT"


def test_a_formula_that_was_saved_without_its_value_refuses_the_file():
    with pytest.raises(FileRefused, match="cell G10"):
        delivered(with_cell("G10", '<c r="G10"><f>SUM(A1:A2)</f></c>'))


def test_a_formula_counts_with_its_saved_value_and_is_said():
    delivery = delivered(with_cell("G10", '<c r="G10"><f>SUM(A1:A2)</f><v>320</v></c>'))

    assert books.figure(delivery, "SALT", "NQ7") == 320
    assert [finding.sheet for finding in books.findings(delivery, "formula_values")] == ["Table 4"]


def test_a_hidden_sheet_of_a_file_is_left_alone():
    def hide(written) -> None:
        written.create_sheet("Old").append(["Total waiting list by service, February 2025"])
        written["Old"].sheet_state = "veryHidden"

    delivery = delivered(books.as_xlsx(books.book(), hide))

    assert delivery.period_end == books.MARCH
    assert [finding.sheet for finding in books.findings(delivery, "hidden_sheet")] == ["Old"]
