"""The database refuses what the verbs never do, on both engines."""

import pytest
from django.db import IntegrityError, connection, transaction

from organization.guards import GUARDS

pytestmark = pytest.mark.django_db

# statement, guard that must speak
REFUSED = [
    ("UPDATE organization_appointmentevent SET code = 'x' WHERE seq = 1", "guard_appointmentevent_fixed"),
    ("DELETE FROM organization_appointmentevent WHERE seq = 1", "guard_appointmentevent_stays"),
    ("UPDATE organization_appointment SET post = 'property_gm'", "guard_appointment_fixed"),
    ("UPDATE organization_appointment SET starts_on = '2020-01-01'", "guard_appointment_fixed"),
    ("UPDATE organization_appointment SET project_id = NULL WHERE project_id IS NOT NULL", "guard_appointment_fixed"),
    ("UPDATE organization_appointment SET person_id = person_id + 1", "guard_appointment_fixed"),
    ("UPDATE organization_appointment SET ends_on = '2001-01-01'", "guard_appointment_dates_update"),
    ("DELETE FROM organization_appointment", "guard_appointment_stays"),
    ("UPDATE organization_person SET company_id = 1 WHERE company_id <> 1", "guard_person_fixed"),
    ("UPDATE organization_person SET is_administrator = NOT is_administrator", "guard_person_fixed"),
    ("DELETE FROM organization_person WHERE username = 'outsider'", "guard_person_stays"),
    ("UPDATE organization_project SET code = 'ZZ' WHERE code = 'CH'", "guard_project_fixed"),
    ("UPDATE organization_project SET developer_id = property_company_id", "guard_project_fixed"),
    ("DELETE FROM organization_project WHERE code = 'WB'", "guard_project_stays"),
    ("UPDATE organization_instalment SET code = 'ZZ' WHERE code = 'CH-1'", "guard_instalment_fixed"),
    ("DELETE FROM organization_instalment WHERE code = 'CH-1'", "guard_instalment_stays"),
    ("UPDATE organization_company SET camp = 'region'", "guard_company_fixed"),
    ("DELETE FROM organization_company", "guard_company_stays"),
]


def run(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


@pytest.mark.parametrize(("sql", "guard"), REFUSED)
def test_the_database_says_no(cast, sql, guard):
    with pytest.raises(IntegrityError, match=guard):
        run(sql)


def test_a_last_day_is_taken_once_and_never_away(cast):
    assert run("UPDATE organization_appointment SET ends_on = '2027-01-01'") > 20
    assert run("UPDATE organization_appointment SET ends_on = '2026-12-31'") > 20
    with pytest.raises(IntegrityError, match="guard_appointment_fixed"):
        run("UPDATE organization_appointment SET ends_on = NULL")


def test_names_phones_and_names_of_projects_may_change(cast):
    assert run("UPDATE organization_person SET phone = '1', is_active = is_active WHERE username = 'finance'") == 1
    assert run("UPDATE organization_project SET name = '翠湖' WHERE code = 'CH'") == 1


def test_guards_have_distinct_names_and_sql_for_both_engines():
    assert len({guard.name for guard in GUARDS}) == len(GUARDS)
    assert all(guard.name.startswith("guard_") and guard.postgresql and guard.sqlite for guard in GUARDS)
