"""How the API is built and described; the settings take these two as they are, so nothing here may import Django."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "assurance.accounts.api.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["assurance.accounts.api.permissions.MayUseRoute"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["assurance.web.parsers.StrictJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "assurance.web.parsers.OnlyJSON",
    "DEFAULT_THROTTLE_CLASSES": ["assurance.web.throttles.PerPrincipal"],
    "DEFAULT_PAGINATION_CLASS": "assurance.web.pagination.StrictPagination",
    "DEFAULT_FILTER_BACKENDS": [
        "assurance.web.filters.StrictFilters",
        "assurance.web.filters.StrictOrdering",
    ],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "assurance.web.schema.DoorSchema",
    "EXCEPTION_HANDLER": "assurance.web.handler.handle",
    "URL_FORMAT_OVERRIDE": None,
    "COERCE_DECIMAL_TO_STRING": True,
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "无忧服务 API",
    "DESCRIPTION": "Every action of the platform. Errors: docs/errors.md. Repeated requests: docs/idempotency.md.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["assurance.accounts.api.permissions.MayUseRoute"],
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_NO_READ_ONLY_REQUIRED": True,
    "SORT_OPERATIONS": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "assurance.web.schema.add_problems",
    ],
}
