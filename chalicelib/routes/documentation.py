"""What the API consists of, for programs and for people."""

from chalicelib.access.rules import anybody
from chalicelib.http.documentation import documentation
from chalicelib.routes import areas

area = documentation(areas, access=anybody, title="Vulpes: the Kitsu API", version="0.20.42")
