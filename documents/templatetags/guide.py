"""The guide's texts on pages."""

from django import template

from documents.guide import of_guide

register = template.Library()
register.filter("of_guide", of_guide)
