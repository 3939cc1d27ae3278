// Runs a WASI program under Node, and ends as it ends.
import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";

const NOT_SUPPORTED = 58;

const wasi = new WASI({ version: "preview1", args: ["exo-trace-wasm"], env: {}, returnOnExit: true });
const program = await WebAssembly.compile(await readFile(process.argv[2]));
// Debian's libc for WASI is older than the functions by which a newer one says that it has no threads.
const missing = WebAssembly.Module.imports(program)
  .filter(({ module, name }) => module === "env" && name.startsWith("pthread_"))
  .map(({ name }) => [name, () => NOT_SUPPORTED]);
const instance = await WebAssembly.instantiate(program, {
  ...wasi.getImportObject(),
  env: Object.fromEntries(missing),
});
process.exitCode = wasi.start(instance);
