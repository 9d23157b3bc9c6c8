// gitbeaker on the notes below the merge request 3 of project 7:
//   node notes.mjs list
//   node notes.mjs make BODY
// MODULES names the folder that holds it, ADDRESS the server and TOKEN the token.
// The last line it prints is its answer, in JSON.
import { pathToFileURL } from "node:url";

const { MODULES, ADDRESS, TOKEN } = process.env;
const entry = pathToFileURL(`${MODULES}/@gitbeaker/rest/dist/index.mjs`).href;
const { Gitlab } = await import(entry);
const notes = new Gitlab({ host: ADDRESS, token: TOKEN }).MergeRequestNotes;

const [verb, body] = process.argv.slice(2);
if (verb === "make") await notes.create(7, 3, body);
const found = await notes.all(7, 3, { orderBy: "created_at", sort: "asc" });
process.stdout.write(`\n${JSON.stringify(found.map((it) => [it.author.username, it.body]))}\n`);
