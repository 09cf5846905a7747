"""Companies, people, projects and the posts that people hold."""

from organization.models.appointment import Appointment, AppointmentEvent, ProjectGrant
from organization.models.calendar import CalendarDay, CalendarYear
from organization.models.company import Company, Department
from organization.models.person import Person
from organization.models.project import Instalment, PhaseContact, Project

__all__ = [
    "Appointment",
    "AppointmentEvent",
    "CalendarDay",
    "CalendarYear",
    "Company",
    "Department",
    "Instalment",
    "Person",
    "PhaseContact",
    "Project",
    "ProjectGrant",
]
