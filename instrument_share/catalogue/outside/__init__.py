"""Calendars of others that close an instrument: fetched by the worker, read with distrust, never silently wrong."""
