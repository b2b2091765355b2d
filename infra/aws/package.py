"""`make package STAGE=…`: the template and the zips, on any machine, without an AWS account.

The unchanged `chalice package` runs on a copy of the application. The dependencies wait in that copy's `vendor` folder,
which Chalice puts into the package as it is; so it neither looks for them itself nor builds any from source.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chalicelib import routes
from chalicelib.http import route_table
from infra.aws import archive, bytecode, ffmpeg_layer, template, wheels
from infra.aws.runtime import LAMBDA, PackagingError, Runtime

ROOT: Final = Path(__file__).resolve().parents[2]
SIZE_LIMIT: Final = 50_000_000
# What Lambda unpacks of a function and its layers.
LAMBDA_LIMIT: Final = 250_000_000
TEMPLATE_LIMIT: Final = 200_000
OURS: Final = ("app.py", "chalicelib", "chalice")


@dataclass(frozen=True)
class Package:
    """What packaging made: `template` (sam.json) beside `archive` (deployment.zip), and `folder`, its content.

    Beside them lies `layer`, which the media function has on top.
    """

    template: Path
    archive: Path
    folder: Path

    @property
    def layer(self) -> Path:
        """The zip with ffmpeg."""
        return self.template.with_name(ffmpeg_layer.NAME)

    @property
    def sizes(self) -> dict[str, int]:
        """The bytes of the unpacked package by part."""
        return archive.sizes(self.folder)


def build(
    stage: str, out: Path, root: Path = ROOT, cache: Path = ROOT / "build" / "wheels", runtime: Runtime = LAMBDA
) -> Package:
    """Packages the application for a stage into the folder `out`, anew.

    `cache` keeps the unpacked dependencies. Raises PackagingError where a wheel is missing, Chalice fails or a limit
    is passed; TemplateError where app.py does not have the functions that the stack knows.
    """
    dependencies = wheels.collect(root / "requirements.txt", cache, runtime)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    source = out / "source"
    _copy(root, source, dependencies)
    _run_chalice(source, out, stage)
    made = Package(out / "sam.json", out / "deployment.zip", out / "package")
    _finish_archive(made, runtime)
    ffmpeg_layer.build(root, out, cache, runtime)
    finished = json.dumps(
        template.complete(json.loads(made.template.read_text()), stage, runtime), indent=1, sort_keys=True
    )
    made.template.write_text(finished + "\n")
    shutil.rmtree(source)
    _check(made)
    return made


def _copy(root: Path, source: Path, dependencies: Path) -> None:
    without = shutil.ignore_patterns("__pycache__", "*.pyc", "deployments", "deployed", ".*.swp")
    shutil.copytree(root / ".chalice", source / ".chalice", ignore=without)
    shutil.copytree(root / "chalicelib", source / "chalicelib", ignore=without)
    route_table.write(routes.modules(), source / routes.TABLE.relative_to(ROOT))
    shutil.copy(root / "app.py", source / "app.py")
    (source / "requirements.txt").write_text("")
    (source / "vendor").symlink_to(dependencies.resolve(), target_is_directory=True)


def _run_chalice(source: Path, out: Path, stage: str) -> None:
    command = [sys.executable, "-c", "from chalice.cli import main; raise SystemExit(main())", "package"]
    command += ["--pkg-format", "cloudformation", "--stage", stage, str(out.resolve())]
    done = subprocess.run(command, check=False, cwd=source, env=_environment(), capture_output=True, text=True)
    if done.returncode or not (out / "sam.json").exists():
        raise PackagingError(f"chalice package failed:\n{done.stdout}{done.stderr}")


def _environment() -> dict[str, str]:
    # Nothing of this machine's account or settings may find its way into the package, or be needed for it.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "VULPES_"))}
    kept |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return kept | {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _finish_archive(made: Package, runtime: Runtime) -> None:
    archive.unpack(made.archive, made.folder)
    bytecode.write(made.folder, runtime, OURS)
    archive.pack(made.folder, made.archive)


def _check(made: Package) -> None:
    size = sum(made.sizes.values())
    if size > SIZE_LIMIT:
        raise PackagingError(f"the package is {size / 1e6:.1f} MB unpacked; the limit is {SIZE_LIMIT / 1e6:.0f} MB")
    whole = size + ffmpeg_layer.size(made.layer)
    if whole > LAMBDA_LIMIT:
        raise PackagingError(f"with ffmpeg it is {whole / 1e6:.1f} MB; Lambda takes {LAMBDA_LIMIT / 1e6:.0f} MB")
    written = made.template.stat().st_size
    if written > TEMPLATE_LIMIT:
        raise PackagingError(f"the template is {written} bytes; the limit is {TEMPLATE_LIMIT}")


def main() -> int:
    """Runs the command line; 1 where packaging fails."""
    reader = argparse.ArgumentParser(description="Packages the application for AWS; needs no account.")
    reader.add_argument("--stage", default="dev", choices=sorted(template.LOG_DAYS))
    chosen = reader.parse_args()
    out = ROOT / "build" / chosen.stage
    try:
        made = build(chosen.stage, out)
    except (PackagingError, template.TemplateError) as problem:
        print(f"Not packaged: {problem}", file=sys.stderr)
        return 1
    for part, size in made.sizes.items():
        print(f"{size / 1e6:7.2f} MB  {part}")
    print(f"{sum(made.sizes.values()) / 1e6:7.2f} MB  unpacked, {made.archive.stat().st_size / 1e6:.2f} MB as a zip")
    layer = ffmpeg_layer.size(made.layer) / 1e6
    print(f"{layer:7.2f} MB  ffmpeg, for the media function alone, {made.layer.stat().st_size / 1e6:.2f} MB as a zip")
    print(f"{made.template.relative_to(ROOT)}: {made.template.stat().st_size / 1e3:.0f} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
