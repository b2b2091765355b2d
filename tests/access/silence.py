"""Routes that write and tell nobody, or that the walk cannot make write, each with its reason (docs/events.md)."""

from typing import Final

_CONTRACT: Final = "the contract says so: a filter is its owner's, whose other tabs load it when they begin"
_SHOTGRID: Final = "the contract says so: a studio moves over, and clients load anew"
_SECRET: Final = "what is written is in no answer to others"
_LATER: Final = "what comes is told once it is there"
_NOTES: Final = "a note of who imports, read as a list"

# Nothing is told.
SILENT: Final[dict[str, str]] = {
    "POST /actions/projects/{project_id}/task-types/{task_type_id}/set-shot-nb-frames": (
        "The contract has none: what is recorded counts the events of shots."
    ),
    "PUT /data/user/filters/{filter_id}": _CONTRACT,
    "POST /data/user/filters": _CONTRACT,
    "DELETE /data/user/filters/{filter_id}": _CONTRACT,
    "PUT /data/user/filter-groups/{filter_group_id}": _CONTRACT,
    "POST /data/user/filter-groups": _CONTRACT,
    "DELETE /data/user/filter-groups/{filter_group_id}": _CONTRACT,
    "PUT /data/user/notifications/{notification_id}": "a mark of the reader's own",
    "POST /actions/user/notifications/mark-all-as-read": "marks of the reader's own",
    "POST /actions/persons/{person_id}/change-password": _SECRET,
    "GET /actions/persons/{person_id}/invite": _SECRET,
    "DELETE /actions/persons/{person_id}/disable-two-factor-authentication": _SECRET,
    "GET /data/entities/{entity_id}/chat": "a chat is there once somebody looks, and empty as before",
    "GET /data/salary-scales": "the rows are there for who looks, and empty as before",
    "POST /data/preview-files/{preview_file_id}/upload": _LATER,
    "POST /data/preview-files/{preview_file_id}/upload/complete": "the function that makes its pictures tells of it",
    "POST /data/working-files/{working_file_id}/upload": _LATER,
    "POST /actions/webhooks/{webhook_id}/test": "the log of the webhook holds what is sent",
    "POST /actions/webhooks/{webhook_id}/deliveries/{delivery_id}/replay": "the log of the webhook holds what is sent",
    "POST /import/shotgun/errors": _NOTES,
    "DELETE /import/shotgun/errors/{error_id}": _NOTES,
    **{
        f"POST /import/shotgun/{kind}": _SHOTGRID
        for kind in (
            *("persons", "projects", "projectconnections", "status", "steps", "assets", "episodes", "sequences"),
            *("scenes", "shots", "tasks", "notes", "versions"),
        )
    },
}
# POST routes that write nothing.
READING: Final = frozenset(
    {
        "POST /data/search",
        "POST /data/entities/guess_from_path",
        "POST /data/entities/{entity_id}/output-file-path",
        "POST /data/entities/{entity_id}/output-files/next-revision",
        "POST /data/asset-instances/{asset_instance_id}/entities/{temporal_entity_id}/output-file-path",
        "POST /data/asset-instances/{asset_instance_id}/entities/{temporal_entity_id}/output-files/next-revision",
        "POST /data/projects/{project_id}/playlists/temp",
    }
)
# Refused here.
REFUSED: Final[dict[str, str]] = {
    "POST /data/salary-scales": "always: the rows make themselves",
    "POST /actions/preview-files/{preview_file_id}/retry": "there is nothing left of an upload to take up again",
    "POST /import/shotgun/remove/status": "tasks have the status",
}
# What is told otherwise than by a route that the walk calls.
ELSEWHERE: Final[dict[str, str]] = {
    "build-job:update": "the function that builds movies",
    **{
        f"{word}-import:{verb}": f"{what} on after the request"
        for word, what in (
            ("csv", "a CSV file that goes"),
            ("kitsu", "entries of another Kitsu that go"),
            ("shotgun", "entries of ShotGrid that go"),
        )
        for verb in ("new", "end", "refused", "update")
    },
    "webhook:disable": "the function that sends, after days of failure",
    "task:update-casting-stats": "the job that counts what is ready for the tasks of a shot",
}
