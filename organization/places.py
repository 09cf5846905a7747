"""Companies, departments, projects, instalments and records of contact: the verbs that write them."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from organization import access, clock, trail
from organization.bounds import FIRST, LAST
from organization.models import Company, Department, Instalment, Person, PhaseContact, Project
from organization.permissions import can_record_contact, can_set_anchors, can_set_move_in
from organization.posts import Camp
from organization.refusals import OrganizationRefused, require
from organization.starting import begin, reread

ANCHORS = ("positioning_on", "sales_office_opens_on", "completion_acceptance_on", "mass_move_in_on")
Row = TypeVar("Row", bound=models.Model)
Place = TypeVar("Place", Project, Instalment)
MOVE_IN_DATES = ("planned_move_in_on", "announced_move_in_on", "actual_move_in_on")
# An instalment's own opening and acceptance, else the project's; then its move-in.
INSTALMENT_DATES = ("sales_office_opens_on", "completion_acceptance_on", *MOVE_IN_DATES)
# The move-in dates that count for the side of forms (D4).
DECIDING = ("announced_move_in_on", "actual_move_in_on")


@transaction.atomic
def create_company(*, actor: Person | None, code: str, name: str, camp: str) -> Company:
    """Add a company. Effects: event ``company_created``."""
    begin(actor)
    company = _add(Company(code=code, name=name, camp=camp))
    trail.record("company_created", actor, company=company.pk, company_code=code, camp=str(camp))
    return company


@transaction.atomic
def create_department(*, actor: Person | None, company: Company, name: str, is_lead: bool = False) -> Department:
    """Add a department; ``is_lead`` marks 营销客服部, one per company. Effects: event ``department_created``."""
    begin(actor)
    if is_lead and Department.objects.filter(company=company, is_lead=True).exists():
        raise OrganizationRefused(_("%(company)s 已有主导部门。") % {"company": company})
    department = _add(Department(company=company, name=name, is_lead=is_lead))
    trail.record("department_created", actor, department=department.pk, company=company.pk, is_lead=is_lead)
    return department


@transaction.atomic
def create_project(
    *,
    actor: Person | None,
    code: str,
    name: str,
    developer: Company,
    property_company: Company,
    region: Company | None = None,
    **anchors: date | None,
) -> Project:
    """Add a project between two companies; those appointed company-wide get their grants at once.

    ``anchors`` are the dates of ``ANCHORS``. Effects: event ``project_created``, grants.
    """
    begin(actor)
    _known(anchors, ANCHORS)
    _within(Project, anchors)
    _check_companies(developer, property_company, region)
    project = _add(
        Project(code=code, name=name, developer=developer, property_company=property_company, region=region, **anchors)
    )
    access.sync_project(project)
    trail.record(
        "project_created",
        actor,
        project=project.pk,
        project_code=code,
        developer=developer.pk,
        property_company=property_company.pk,
        region=region.pk if region else None,
        **_texts(project, ANCHORS),
    )
    return project


@transaction.atomic
def edit_project(*, actor: Person | None, project: Project, **changes: Any) -> Project:
    """Change name, region or whether the project is in use; code and the two companies are fixed, dates have ``set_dates``.

    Effects: event ``project_edited`` with the new values, grants where the region changed.
    """
    begin(actor)
    _known(changes, ("name", "region", "is_active"))
    project = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    changed = [field for field, value in changes.items() if getattr(project, field) != value]
    if not changed:
        return project
    for field in changed:
        setattr(project, field, changes[field])
    _check_companies(project.developer, project.property_company, project.region)
    _validated(project)
    project.save(update_fields=changed)
    if "region" in changed:
        access.sync_project(project)
    said = {field: _text(changes[field]) for field in changed}
    trail.record("project_edited", actor, project=project.pk, changes=said)
    return project


@transaction.atomic
def create_instalment(
    *, actor: Person | None, project: Project, code: str, name: str, **dates: date | None
) -> Instalment:
    """Add a delivery batch; ``dates`` are those of ``INSTALMENT_DATES``. Effects: event ``instalment_created``."""
    begin(actor)
    _known(dates, INSTALMENT_DATES)
    _within(Instalment, dates)
    instalment = _add(Instalment(project=project, code=code, name=name, **dates))
    trail.record(
        "instalment_created",
        actor,
        instalment=instalment.pk,
        instalment_code=code,
        project=project.pk,
        **_texts(instalment, INSTALMENT_DATES),
    )
    return instalment


@transaction.atomic
def set_dates(*, actor: Person | None, place: Place, reason: str = "", **dates: date | None) -> Place:
    """Change dates of a project (``ANCHORS``) or of an instalment (``INSTALMENT_DATES``) with a reason; set-up gives none.

    The dates not named stay. The side of forms already submitted does not move (D4). Effects: event ``dates_set`` with old
    and new dates. Raises NotAllowed, or OrganizationRefused without a reason or where nothing changes.
    """
    trail.take_lock()
    own = place.project if isinstance(place, Instalment) else place
    names = INSTALMENT_DATES if isinstance(place, Instalment) else ANCHORS
    _known(dates, names)
    # Without its key: a form that is being submitted points at the place and must not wait.
    place = type(place).objects.select_for_update(of=("self",), no_key=True).get(pk=place.pk)
    changed = [field for field, value in dates.items() if getattr(place, field) != value]
    if actor is not None:
        actor = reread(actor)
        if set(dates) - set(DECIDING):
            require(can_set_anchors(actor, own))
        if set(dates) & set(DECIDING):
            require(can_set_move_in(actor, own))
        if not reason.strip():
            raise OrganizationRefused(_("请写明变动原因。"))
    if not changed:
        raise OrganizationRefused(_("日期没有变化。"))
    _within(type(place), {field: dates[field] for field in changed})
    actual = dates.get("actual_move_in_on")
    if actual and actual > clock.today():
        # It is a fact that decides the side of forms (D4); what is expected has dates of its own.
        raise OrganizationRefused(_("实际入伙日期不能晚于今天；入伙之前请填入住通知书所载的日期。"))
    before = _texts(place, names)
    for field in changed:
        setattr(place, field, dates[field])
    place.save(update_fields=changed)
    said = {
        type(place)._meta.model_name: place.pk,
        "reason": reason.strip(),
        "before": {name: before[name] for name in changed},
    }
    trail.record("dates_set", actor, **said, **_texts(place, names))
    return place


@transaction.atomic
def record_contact(
    *,
    actor: Person | None,
    project: Project,
    phase: str,
    contacted_on: date,
    developer_department: Department,
    property_department: Department,
    note: str = "",
) -> PhaseContact:
    """Write down when the two sides made contact for a phase, and between which departments (3.2.2 1)).

    Effects: event ``contact_recorded``.
    """
    trail.take_lock()
    if actor is not None:
        actor = reread(actor)
        require(can_record_contact(actor, project))
    if developer_department.company_id not in (project.developer_id, project.region_id):
        raise OrganizationRefused(_("地产部门须属于本项目的地产公司。"))
    if property_department.company_id != project.property_company_id:
        raise OrganizationRefused(_("物业部门须属于本项目的物业公司。"))
    contact = _add(
        PhaseContact(
            project=project,
            phase=phase,
            contacted_on=contacted_on,
            developer_department=developer_department,
            property_department=property_department,
            note=note,
        )
    )
    trail.record(
        "contact_recorded",
        actor,
        contact=contact.pk,
        project=project.pk,
        phase=str(phase),
        contacted_on=contacted_on.isoformat(),
        developer_department=developer_department.pk,
        property_department=property_department.pk,
    )
    return contact


def _check_companies(developer: Company, property_company: Company, region: Company | None) -> None:
    reasons = []
    if developer.camp != Camp.DEVELOPER:
        reasons.append(_("%(company)s 不是地产城市公司。") % {"company": developer})
    if property_company.camp != Camp.PROPERTY:
        reasons.append(_("%(company)s 不是物业公司。") % {"company": property_company})
    if region is not None and region.camp != Camp.REGION:
        reasons.append(_("%(company)s 不是区域公司。") % {"company": region})
    if reasons:
        raise OrganizationRefused(*reasons)


def _add(row: Row) -> Row:
    """Validate a new row whole, uniqueness included, and store it."""
    _validated(row)
    row.save(force_insert=True)
    return row


def _validated(row: models.Model) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise OrganizationRefused(*_told(row, error)) from error


def _told(row: models.Model, error: ValidationError) -> Iterator[str]:
    """The sentences of a row's faults; a value that another row has is named, and not the row."""
    for name, faults in error.error_dict.items():
        for fault in faults:
            if fault.code == "unique" and name != NON_FIELD_ERRORS:
                field = row._meta.get_field(name)
                yield _("%(what)s%(field)s「%(value)s」已被使用，请换一个。") % {
                    "what": row._meta.verbose_name,
                    "field": field.verbose_name,
                    "value": getattr(row, name),
                }
            else:
                yield from fault.messages


def _known(given: dict[str, Any], names: Iterable[str]) -> None:
    unknown = set(given) - set(names)
    if unknown:
        raise TypeError(f"unknown fields: {sorted(unknown)}")


def _within(model: type[models.Model], given: dict[str, Any]) -> None:
    """Dates lie between ``FIRST`` and ``LAST``, for plans reckon months and days from them; every fault at once."""
    faults = [
        _("%(label)s：%(day)s 不在 2000 年至 2099 年之间，请改正。")
        % {"label": model._meta.get_field(name).verbose_name, "day": day.isoformat()}
        for name, day in given.items()
        if isinstance(day, date) and not FIRST <= day <= LAST
    ]
    if faults:
        raise OrganizationRefused(*faults)


def _text(value: Any) -> Any:
    """A JSON-able value: dates as ISO text, rows as their keys."""
    if isinstance(value, date):
        return value.isoformat()
    return value.pk if isinstance(value, models.Model) else value


def _texts(row: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    return {field: _text(getattr(row, field)) for field in fields}
