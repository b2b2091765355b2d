"""The file trees that come with every studio, by name (docs/contract/files.md 3.1)."""

from collections.abc import Mapping
from typing import Any, Final

_MOUNTPOINT: Final = "/simple"
_ROOTS: Final = {"working": "productions", "output": "productions/export", "preview": "productions/previews"}
_SHOT: Final = "<Project>/shots/<Sequence>/<Shot>"
_ASSET: Final = "<Project>/assets/<AssetType>/<Asset>"
_SEQUENCE: Final = "<Project>/sequences/<Sequence>"
_SCENE: Final = "<Project>/scenes/<Sequence>/<Scene>"
_INSTANCE: Final = "<TaskType>/<OutputType>/<AssetType>/<Asset>/instance_<Instance.number>/<Representation>"
_OUTPUT: Final = "<TaskType>_<OutputType>_<Name>"
Templates = Mapping[str, str]


def _mode(mode: str, folders: Templates, files: Templates) -> dict[str, Any]:
    style = {"style": "lowercase"}
    paths = {"folder_path": {**folders, **style}, "file_name": {**files, **style}}
    return {"mountpoint": _MOUNTPOINT, "root": _ROOTS[mode], **paths}


_PREVIEW_NAMES: Final = {
    "shot": "<Project>_<Sequence>_<Shot>_<TaskType>",
    "asset": "<Project>_<AssetType>_<Asset>_<TaskType>",
    "sequence": "<Project>_<Sequence>_<TaskType>",
    "scene": "<Project>_<Scene>_<TaskType>",
}
_SIMPLE: Final = {
    "working": _mode(
        "working",
        {
            "shot": f"{_SHOT}/<TaskType>/<Software>",
            "asset": f"{_ASSET}/<TaskType>/<Software>",
            "sequence": f"{_SEQUENCE}/<TaskType>/<Software>",
            "scene": f"{_SCENE}/<TaskType>/<Software>",
        },
        {
            "shot": "<Project>_<Sequence>_<Shot>_<TaskType>_<Name>_v<Version>",
            "asset": "<Project>_<AssetType>_<Asset>_<TaskType>_<Name>_v<Version>",
            "sequence": "<Project>_<Sequence>_<TaskType>_<Name>_v<Version>",
            "scene": "<Project>_<Scene>_<TaskType>_<Name>_v<Version>",
        },
    ),
    "output": _mode(
        "output",
        {
            "shot": f"{_SHOT}/<TaskType>/<OutputType>",
            "asset": f"{_ASSET}/<TaskType>/<OutputType>",
            "sequence": f"{_SEQUENCE}/<TaskType>/<OutputType>",
            "scene": f"{_SCENE}/<TaskType>/<OutputType>",
            "instance_asset": f"<Project>/assets/<TemporalEntityType>/<TemporalEntity>/{_INSTANCE}",
            "instance": f"<Project>/<TemporalEntityType>/<Sequence>/<TemporalEntity>/{_INSTANCE}",
        },
        {
            "shot": f"<Project>_<Sequence>_<Shot>_{_OUTPUT}_v<Version>",
            "asset": f"<Project>_<AssetType>_<Asset>_{_OUTPUT}_v<Version>",
            "sequence": f"<Project>_<Sequence>_{_OUTPUT}_v<Version>",
            "scene": f"<Project>_<Scene>_{_OUTPUT}_v<Version>",
            "instance_asset": f"<Project>_<TemporalEntityType>_<TemporalEntity>_{_OUTPUT}_<Instance.name>_v<Version>",
            "instance": f"<Project>_<Sequence>_<TemporalEntity>_{_OUTPUT}_<Instance.name>_v<Version>",
        },
    ),
    "preview": _mode(
        "preview",
        {
            "shot": f"{_SHOT}/<TaskType>",
            "asset": f"{_ASSET}/<TaskType>",
            "sequence": f"{_SEQUENCE}/<TaskType>",
            "scene": f"{_SCENE}/<TaskType>",
        },
        _PREVIEW_NAMES,
    ),
}
# The names hold no version; `<OuputType>` is spelt so in the contract, and therefore no token that anybody knows.
_DEFAULT: Final = {
    "working": _mode(
        "working",
        {
            "shot": f"{_SHOT}/<TaskType>",
            "asset": f"{_ASSET}/<TaskType>",
            "sequence": f"{_SEQUENCE}/<TaskType>",
            "scene": f"{_SCENE}/<TaskType>",
        },
        {
            "shot": "<Project>_<Shot>_<TaskType>",
            "asset": "<Project>_<AssetType>_<Asset>_<TaskType>",
            "sequence": "<Project>_<Sequence>_<TaskType>",
            "scene": "<Project>_<Sequence>_<Scene>_<TaskType>",
        },
    ),
    "output": _mode(
        "output",
        {
            "shot": f"{_SHOT}/<OutputType>",
            "asset": f"{_ASSET}/<OutputType>",
            "sequence": f"{_SEQUENCE}/<OutputType>",
            "scene": f"{_SCENE}/<OutputType>",
        },
        {
            "shot": "<Project>_<Sequence>_<Shot>_<OutputType>_<OutputFile>",
            "asset": "<Project>_<AssetType>_<Asset>_<OutputType>_<OutputFile>",
            "sequence": "<Project>_<Sequence>_<OuputType>_<OutputFile>",
            "scene": "<Project>_<Sequence>_<Scene>_<OutputType>_<OutputFile>",
        },
    ),
    "preview": _mode(
        "preview",
        {
            "shot": f"{_SHOT}/<TaskType>",
            "asset": f"{_ASSET}/<TaskType>",
            "sequence": f"{_SEQUENCE}/<TaskType>",
            "scene": "<Project>/scene/<Scene>/<TaskType>",
        },
        _PREVIEW_NAMES,
    ),
}
TREES: Final[Mapping[str, Mapping[str, Any]]] = {"simple": _SIMPLE, "default": _DEFAULT}
