"""Words for devices."""

from django import template

from lms.accounts.browsers import device_words

register = template.Library()
register.filter("device_words", device_words)
