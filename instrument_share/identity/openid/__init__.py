"""Signing in by OpenID Connect: a provider says who somebody is; what the site makes of it stands in `rules`."""
