// Runs compiling.py by Pyodide: node bytecode.mjs VERSION FOLDER PLACE PART…
import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const [version, folder, place, ...parts] = process.argv.slice(2);
const python = await loadPyodide();
const found = python.runPython("import sys; '{}.{}'.format(*sys.version_info)");
if (found !== version) {
  console.error(`Pyodide is Python ${found} here, not ${version}`);
  process.exit(1);
}
python.mountNodeFS("/package", folder);
const names = python.toPy({ __name__: "compiling" });
python.runPython(readFileSync(new URL("compiling.py", import.meta.url), "utf8"), { globals: names });
process.exit(names.get("compile_parts")("/package", place, ...parts) ? 0 : 1);
