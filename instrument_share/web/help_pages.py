"""/help: what this is, how to book, what states and errors mean."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
def show() -> str:
    return render_template("help.html")
