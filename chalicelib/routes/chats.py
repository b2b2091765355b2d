"""Chats about entities (docs/contract/people.md section 12); the generic ones stand in routes/records/."""

from typing import Any, Final

import msgspec

from chalicelib.access import chats as access
from chalicelib.access import rules
from chalicelib.domain.chats import membership, messages, presentation
from chalicelib.domain.files.attachments import Upload
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.people import CHAT, CHAT_MESSAGE
from chalicelib.records.record import plain
from chalicelib.routes.answer_schemas import ID, TEXT, Shape, Shown, or_null


class NewMessage(msgspec.Struct):
    """Something to be said in a chat."""

    message: str


area = Area("chats", "What people say to each other about an entity.")
_CHAT: Final = "/data/entities/{entity_id}/chat"
_MESSAGE: Final = f"{_CHAT}/messages/{{chat_message_id}}"
_JOIN: Final = "/actions/user/chats/{entity_id}/join"
_FILES: Final = {"attachment_files": Shape.several(id=ID, name=TEXT, extension=TEXT).schema()}
_MESSAGES: Final = Shown(CHAT_MESSAGE, many=True, more=_FILES)
_OWN: Final = Shape.several(
    id=ID,
    object_id=ID,
    last_message=or_null(TEXT),
    entity_name=TEXT,
    project_id=ID,
    preview_file_id=or_null(ID),
)


@area.get(_CHAT, access=rules.entity_reader(), answer=Shown(CHAT, more={"messages": _MESSAGES.schema()}))
def read_chat(call: Call) -> dict[str, Any]:
    """Reads the chat about an entity, with participants and messages; it is made when first looked at."""
    return presentation.full(membership.chat_about(call.subject))


@area.get(f"{_CHAT}/messages", access=rules.entity_reader(), answer=_MESSAGES)
def list_messages(call: Call) -> list[dict[str, Any]]:
    """Lists what was said about an entity, oldest first."""
    chat = presentation.of_entity(call.subject)
    return presentation.rows(presentation.messages_of(chat)) if chat else []


@area.post(
    f"{_CHAT}/messages",
    access=rules.entity_reader(),
    body=NewMessage,
    answer=Shown(CHAT_MESSAGE, more=_FILES),
    form=True,
    status=201,
)
def post_message(call: Call) -> dict[str, Any]:
    """Says something about an entity; the files of a form go along. For participants."""
    uploads = [Upload(file.filename, file.content_type, file.data) for file in call.files]
    return messages.post(call.caller, call.subject, call.body.message, uploads)


@area.get(_MESSAGE, access=access.reader, answer=Shown(CHAT_MESSAGE, more=_FILES))
def read_message(call: Call) -> dict[str, Any]:
    """Reads one thing that was said."""
    return presentation.rows([call.subject.message])[0]


@area.delete(_MESSAGE, access=access.author, status=204)
def delete_message(call: Call) -> Answer:
    """Takes a message of the caller's away, with its files."""
    messages.remove(call.subject.entity, call.subject.message)
    return no_content()


@area.post(_JOIN, access=access.participant, answer=Shown(CHAT))
def join_chat(call: Call) -> Any:
    """Takes the caller into the chat about an entity."""
    return plain(membership.join(call.caller, call.subject))


@area.delete(_JOIN, access=access.participant, status=204)
def leave_chat(call: Call) -> Answer:
    """Takes the caller out of the chat about an entity."""
    membership.leave(call.caller, call.subject)
    return no_content()


@area.get("/data/user/chats", access=rules.person, answer=_OWN)
def list_own_chats(call: Call) -> list[dict[str, Any]]:
    """Lists the chats the caller is in, the last to be talked in first."""
    return membership.chats_of(call.caller)
