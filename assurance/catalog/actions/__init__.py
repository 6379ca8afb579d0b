"""Keep the catalogue's rows, what studios choose, and which talk-sheet was shown."""

from assurance.catalog.actions.choosing import CannotBeChosen, ListIsFull, ListNameTaken, add, make_list, remove
from assurance.catalog.actions.refreshing import refresh
from assurance.catalog.actions.showing import show_talk_sheet

__all__ = ["CannotBeChosen", "ListIsFull", "ListNameTaken", "add", "make_list", "refresh", "remove", "show_talk_sheet"]
