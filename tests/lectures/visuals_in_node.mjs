// Asked for `[module, function, arguments]` lists as JSON, answers with what each call gives.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const answers = [];
for (const [name, call, given] of JSON.parse(readFileSync(0, "utf-8"))) {
  const module = await import(pathToFileURL(join(folder, `${name}.mjs`)).href);
  try {
    answers.push({ value: module[call](...given) ?? null });
  } catch (error) {
    answers.push({ error: error.message });
  }
}
process.stdout.write(JSON.stringify(answers));
