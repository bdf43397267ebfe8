from flask import Blueprint
from flask_smorest import Blueprint as ApiBlueprint

blueprint = ApiBlueprint("waiting_api", __name__)
