from flask import Blueprint
from flask_smorest import Blueprint as ApiBlueprint

blueprint = Blueprint("waiting", __name__)
