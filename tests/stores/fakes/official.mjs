// GitHub's own client for artifacts, as an action of a workflow run uses it:
//   node official.mjs CLIENT upload NAME ROOT FILE...
//   node official.mjs CLIENT list [RUN]
//   node official.mjs CLIENT download ID FOLDER DIGEST [RUN]
//   node official.mjs CLIENT fetch NAME FOLDER
// CLIENT is the folder that holds @actions/artifact. With RUN it asks the API, with the token in
// TOKEN, for what another workflow run has left. The last line it prints is its answer, in JSON.
import { pathToFileURL } from "node:url";

const [folder, verb, ...rest] = process.argv.slice(2);
const { DefaultArtifactClient } = await import(pathToFileURL(`${folder}/lib/artifact.js`).href);
const client = new DefaultArtifactClient();
const of = (run) =>
  run && {
    findBy: {
      token: process.env.TOKEN,
      repositoryOwner: "octo",
      repositoryName: "app",
      workflowRunId: Number(run),
    },
  };

const verbs = {
  upload: (name, root, ...files) => client.uploadArtifact(name, files, root),
  list: async (run) => (await client.listArtifacts({ ...of(run) })).artifacts,
  download: (id, path, expectedHash, run) =>
    client.downloadArtifact(Number(id), { path, expectedHash, ...of(run) }),
  fetch: async (name, path) => {
    const { artifact } = await client.getArtifact(name);
    return client.downloadArtifact(artifact.id, { path });
  },
};
process.stdout.write(`\n${JSON.stringify(await verbs[verb](...rest))}\n`);
