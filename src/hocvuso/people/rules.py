"""Plain decisions about people: numbers, masks, ages. No database, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import phonenumbers

from hocvuso.people.choices import Group, Right
from hocvuso.people.errors import (
    BadBirthYear,
    BadEmail,
    BadPersonalNumber,
    BadPhone,
    NumberDoesNotMatchBirthYear,
)

ADULT_AGE = 18
SENIOR_AGE = 60
CHILD_BELOW_AGE = 16  # a representative decides below this age; tạm, chờ văn bản (Law 91/2025/QH15, domain.md §6.2)

# Province and city codes of birth registration before 1/7/2025; Circular 07/2016/TT-BCA as told in domain.md §7.
# fmt: off
BIRTH_PROVINCES = frozenset({
    "001", "002", "004", "006", "008", "010", "011", "012", "014", "015", "017", "019", "020", "022", "024", "025", "026",
    "027", "030", "031", "033", "034", "035", "036", "037", "038", "040", "042", "044", "045", "046", "048", "049", "051",
    "052", "054", "056", "058", "060", "062", "064", "066", "067", "068", "070", "072", "074", "075", "077", "079", "080",
    "082", "083", "084", "086", "087", "089", "091", "092", "093", "094", "095", "096",
})
# fmt: on
FIRST_BIRTH_YEAR = 1900


def name_keys(search_name: str) -> list[str]:
    """A folded name from each of its words on: `nguyen thi sau` → `nguyen thi sau`, `thi sau`, `sau`."""
    words = search_name.split()
    return [" ".join(words[start:]) for start in range(len(words))]


def age_in(year: int, birth_year: int) -> int:
    """The age somebody reaches during a year; only years of birth are kept."""
    return year - birth_year


def is_child(birth_year: int | None, *, on: date) -> bool:
    """Whether a representative decides for this person. Unknown age counts as grown up."""
    return birth_year is not None and age_in(on.year, birth_year) < CHILD_BELOW_AGE


def groups_of(stated: Iterable[str], birth_year: int | None, *, on: date) -> list[str]:
    """The groups a person counts in: what was stated, and ADULT from the year they turn 18. Sorted."""
    groups = {str(group) for group in stated}
    if birth_year is not None and age_in(on.year, birth_year) >= ADULT_AGE:
        groups.add(Group.ADULT.value)
    return sorted(groups)


def traits_of(sex: str, birth_year: int | None, *, on: date) -> list[str]:
    """Breakdowns that need no separate consent (R-13): FEMALE, AGE60. Sorted."""
    traits = []
    if birth_year is not None and age_in(on.year, birth_year) >= SENIOR_AGE:
        traits.append("AGE60")
    if sex == "F":
        traits.append("FEMALE")
    return traits


def checked_birth_year(birth_year: int | None, *, on: date) -> int | None:
    """The year itself, or BadBirthYear."""
    if birth_year is not None and not FIRST_BIRTH_YEAR <= birth_year <= on.year:
        raise BadBirthYear
    return birth_year


def normal_phone(text: str) -> str:
    """A Vietnamese (or foreign, with +) number in E.164: `0908 123 412` → `+84908123412`. BadPhone otherwise."""
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException as error:
        raise BadPhone from error
    if not phonenumbers.is_valid_number(number):
        raise BadPhone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked_phone(phone: str) -> str:
    """`+84908123412` → `09x xxx x412`: enough for its owner to recognise it."""
    local = f"0{phone[3:]}" if phone.startswith("+84") else phone
    return f"{local[:2]}x xxx x{local[-3:]}"


def normal_email(text: str) -> str:
    """Lower case and trimmed. BadEmail when it cannot be an address."""
    email = text.strip().lower()
    name, _, host = email.partition("@")
    if not name or "." not in host or " " in email or "@" in host or len(email) > 190:
        raise BadEmail
    return email


def masked_email(email: str) -> str:
    """`lan.nguyen@thuduc.gov.vn` → `l…@thuduc.gov.vn`."""
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host}"


def birth_year_of_number(number: str) -> int:
    """The year of birth a 12-digit personal number says: digit 4 gives century (0–1: 19xx, 2–3: 20xx, …), digits 5–6 the year."""
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def checked_personal_number(text: str, *, birth_year: int | None = None, on: date) -> str:
    """The 12 digits of a personal number: 3 birth province (old 63 codes), 1 century and sex, 2 birth year, 6 free.

    There is no check digit (domain.md §7). Says nothing about where its owner lives. Raises BadPersonalNumber, or
    NumberDoesNotMatchBirthYear when `birth_year` is known and another.
    """
    number = "".join(text.split())
    if len(number) != 12 or not (number.isascii() and number.isdigit()):
        raise BadPersonalNumber
    # Those born abroad carry a country's code, 100 and above, in place of a province's.
    if number[:3] not in BIRTH_PROVINCES and number[:3] < "100":
        raise BadPersonalNumber
    if birth_year_of_number(number) > on.year:
        raise BadPersonalNumber
    if birth_year is not None and birth_year_of_number(number) != birth_year:
        raise NumberDoesNotMatchBirthYear
    return number


def masked_number(number: str) -> str:
    """`079188001234` → `079*****1234`."""
    return f"{number[:3]}*****{number[-4:]}"


# Days to answer a request about one's data; Decree 356/2025/NĐ-CP as told in domain.md §6.2.
ACKNOWLEDGE_WORKING_DAYS = 2
CLOCKS = {Right.ACCESS: 10, Right.RECTIFY: 10, Right.WITHDRAW: 15, Right.OBJECT: 15, Right.ERASE: 20}


def after_working_days(day: date, count: int) -> date:
    """The day `count` working days after a day; Saturdays and Sundays do not count (public holidays are not known here)."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def due_dates(right: str, asked_on: date) -> tuple[date, date]:
    """The last day to acknowledge a request, and to answer it."""
    return after_working_days(asked_on, ACKNOWLEDGE_WORKING_DAYS), asked_on + timedelta(days=CLOCKS[Right(right)])
