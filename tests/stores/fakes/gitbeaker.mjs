// gitbeaker, which reads the packages of project 7:
//   node gitbeaker.mjs list PACKAGE
//   node gitbeaker.mjs download PACKAGE VERSION FILE PATH
// MODULES names the folder that holds it, ADDRESS the server, TOKEN the token and KIND its kind.
// The last line it prints is its answer, in JSON.
import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const { MODULES, ADDRESS, TOKEN, KIND } = process.env;
const entry = pathToFileURL(`${MODULES}/@gitbeaker/rest/dist/index.mjs`).href;
const { Gitlab } = await import(entry);
const kind = KIND === "job_token" ? "jobToken" : "token";
const api = new Gitlab({ host: ADDRESS, [kind]: TOKEN });

const verbs = {
  async list(name) {
    const found = [];
    for (const it of await api.Packages.all({ projectId: 7, packageName: name })) {
      for (const file of await api.Packages.allFiles(7, it.id)) {
        found.push([it.version, file.file_name, file.file_sha256]);
      }
    }
    return found;
  },
  async download(name, version, file, path) {
    const data = await api.PackageRegistry.download(7, name, version, file);
    await writeFile(path, Buffer.from(await data.arrayBuffer()));
  },
};
const [verb, ...rest] = process.argv.slice(2);
process.stdout.write(`\n${JSON.stringify((await verbs[verb](...rest)) ?? null)}\n`);
