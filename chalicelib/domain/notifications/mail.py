"""Notifications as letters and in chats, for those who switched them on (docs/contract/tasks.md section 7).

They are written from the stream, after the request that told of them: nobody waits for a mail service.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.entities import names
from chalicelib.domain.entities.kinds import MAIN, SCENE, kind_of
from chalicelib.domain.notifications import chat_services, words
from chalicelib.domain.people.mail import deliver_once, site, wants_mail
from chalicelib.domain.production.episodes import is_show
from chalicelib.errors import Forbidden, NotFound
from chalicelib.records.entities import ENTITY
from chalicelib.records.people import NOTIFICATION, PERSON
from chalicelib.records.production import TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import reads, reference

# Where the web interface shows tasks of what has no pages of its own.
_OTHERWISE: Final = "shots"
_EFFECT: Final = "letter"


def tell(event: dict[str, Any]) -> None:
    """Mails the notification of an event to its person, and tells it where they chat, if they want that and may still
    see the task.

    An event that comes again tells nothing again. Raises NotSent where the letter may go out later.
    """
    told = event["data"]
    # The generic event of a notification, which an administrator wrote, tells its id alone.
    notification = None if told.get("person_id") else reads.find(NOTIFICATION, told["notification_id"])
    person = reference.find(PERSON, notification["person_id"] if notification else told.get("person_id"))
    services = chat_services.wanted_by(person) if person else []
    if person is None or not (services or wants_mail(person)):
        return
    notification = notification or reads.find(NOTIFICATION, told["notification_id"])
    facts = _facts(Caller(person), notification) if notification else None
    if notification is None or facts is None:
        return
    letter = notification["notification_type"]
    chat_services.tell(services, event["id"], person, letter, facts)
    if wants_mail(person):
        deliver_once(_EFFECT, event["id"], person, letter, **facts)


def _facts(caller: Caller, notification: Record) -> dict[str, str] | None:
    """What the letter tells; None where its task or comment is gone, or the task is not for the person."""
    queries: list[Callable[[], Record | None]] = [partial(reads.find, TASK, notification["task_id"])]
    if notification["comment_id"]:
        queries.append(partial(reads.find, COMMENT, notification["comment_id"]))
    task, *about = reads.parallel(queries)
    if task is None or None in about or not _may_see(caller, task):
        return None
    comment = about[0] if about else None
    author = reference.find(PERSON, notification["author_id"])
    status = reference.find(TASK_STATUS, (comment or task)["task_status_id"])
    task_name, link = _place(task)
    return {
        "author": author["first_name"] if author else "",
        "author_name": author["full_name"] if author else "",
        "status": status["short_name"].upper() if status else "",
        "task": task_name,
        "link": link,
        "quote": _quote(caller, notification, task, comment) if comment else "",
    }


def _may_see(caller: Caller, task: Record) -> bool:
    try:
        checks.see_task(caller, task)
    except (Forbidden, NotFound):
        return False
    return True


def _quote(caller: Caller, notification: Record, task: Record, comment: Record) -> str:
    """The words that are told: of the reply where it is about one, else of the comment."""
    texts = words.told(caller, checks.project_of(task), notification, comment)
    return texts["reply" if notification["reply_id"] else "comment"]


def _place(task: Record) -> tuple[str, str]:
    """What a task is called, `production / entity / task type`, and where the web interface shows it."""
    project, entity = checks.project_of(task), reads.find(ENTITY, task["entity_id"] or "")
    task_type = reference.find(TASK_TYPE, task["task_type_id"])
    known = names.ancestors_of([entity]) if entity else {}
    called = [
        project["name"],
        *([names.full_name(entity, known)] if entity else []),
        *([task_type["name"]] if task_type else []),
    ]
    episode = ""
    if entity is not None and is_show(project):
        episode = f"/episodes/{names.episode_id_of(entity, known) or MAIN}"
    return " / ".join(called), site(f"/productions/{project.id}{episode}/{_pages_of(entity)}/tasks/{task.id}")


def _pages_of(entity: Record | None) -> str:
    return _OTHERWISE if entity is None or SCENE.is_of(entity) else kind_of(entity).plural
