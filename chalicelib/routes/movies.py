"""Movies of previews: the normalised one, the low one, the tile (docs/contract/files.md 6.4)."""

from chalicelib.access import previews as access
from chalicelib.domain.files import downloads
from chalicelib.http.answers import Answer
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.media import keys
from chalicelib.routes.stored_files import answer

area = Area("movies", "Movies of previews, as a player asks for them.")


@area.get("/movies/originals/preview-files/{instance_id}.mp4", access=access.reader(), answer="video/mp4")
def movie(call: Call) -> Answer:
    """The movie in the size of its production."""
    return answer(call, downloads.variant(call.subject, keys.MOVIE))


@area.get("/movies/low/preview-files/{instance_id}.mp4", access=access.reader(), answer="video/mp4")
def low_movie(call: Call) -> Answer:
    """The small movie, 1280 wide."""
    return answer(call, downloads.low_movie(call.subject))


@area.get("/movies/originals/preview-files/{instance_id}/download", access=access.reader(), answer="video/mp4")
def movie_download(call: Call) -> Answer:
    """The movie, to be saved under a telling name."""
    return answer(call, downloads.download_movie(call.subject))


@area.get("/movies/tiles/preview-files/{instance_id}.png", access=access.reader(), answer="image/png")
def movie_tile(call: Call) -> Answer:
    """The frames of the movie side by side, eight a row."""
    return answer(call, downloads.variant(call.subject, keys.TILE))
