"""What the door raises itself. Apart from the handler, because the framework loads the parsers before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.exceptions import APIException

if TYPE_CHECKING:
    from assurance.web.problems import Problem


class Rejection(APIException):
    """A request that cannot be accepted, with its problem ready."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail, problem.code)
        self.problem = problem
        self.status_code = problem.status
