// Judges bodies by the schema that is generated from Discord's own OpenAPI document.
//
// node discord.mjs MODULES: reads [[service, body]] as JSON from standard input, and prints for each
// what is wrong with it, an empty text where nothing is.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const build = `${process.argv[2]}/discord-api-spec/build/discord-api-spec.zod.js`;
const { IncomingWebhookRequestPartialSchema } = await import(pathToFileURL(build));

const judged = ([, body]) => {
  const found = IncomingWebhookRequestPartialSchema.safeParse(body);
  return found.success ? "" : JSON.stringify(found.error.issues).slice(0, 500);
};
console.log(JSON.stringify(JSON.parse(readFileSync(0)).map(judged)));
