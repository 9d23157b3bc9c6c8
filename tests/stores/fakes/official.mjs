// The official client of the artifact service, on a server of our own:
//   node official.mjs MODULES upload NAME ROOT FILE...
//   node official.mjs MODULES list RUN | download ID ROOT | fetch RUN ID ROOT
// MODULES is the folder node_modules that holds @actions/artifact; list and fetch ask the API with
// the token in TOKEN, as another workflow run would.
import { pathToFileURL } from "node:url";

const [modules, verb, ...rest] = process.argv.slice(2);
const entry = pathToFileURL(`${modules}/@actions/artifact/lib/artifact.js`).href;
const { DefaultArtifactClient } = await import(entry);
const client = new DefaultArtifactClient();
const elsewhere = (run) => ({
  findBy: {
    token: process.env.TOKEN,
    repositoryOwner: "octo",
    repositoryName: "app",
    workflowRunId: Number(run),
  },
});

switch (verb) {
  case "upload":
    await client.uploadArtifact(rest[0], rest.slice(2), rest[1]);
    break;
  case "list": {
    const { artifacts } = await client.listArtifacts(elsewhere(rest[0]));
    process.stdout.write(`\nLISTED ${JSON.stringify(artifacts.map((it) => [it.id, it.name]))}\n`);
    break;
  }
  case "download":
    await client.downloadArtifact(Number(rest[0]), { path: rest[1] });
    break;
  case "fetch":
    await client.downloadArtifact(Number(rest[1]), { path: rest[2], ...elsewhere(rest[0]) });
    break;
  default:
    throw new Error(`no such verb: ${verb}`);
}
