/** The commands of the ten minutes of docs/hub-guide.md that are typed in the third terminal, for a service and a hub on other ports. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../../apps/ctl/src/stack/root.js';

/** `curl -s [-H HEADER] [-d BODY] ADDRESS`: there are machines without it. */
const curl = `curl() {
  "$NODE" -e 'const words = process.argv.slice(1), body = words[words.indexOf("-d") + 1];
    const init = words.includes("-d") ? { method: "POST", headers: { "content-type": "application/json" }, body } : {};
    fetch("http://" + words.at(-1), init).then((answer) => answer.text()).then((text) => process.stdout.write(text));' -- "$@"
}`;

/** What it prints last is the pseudonym. @param control `host:port` of the hub's control port */
export function thirdTerminal({ dataDir, control }: { readonly dataDir: string; readonly control: string }): string {
  const guide = readFileSync(path.join(root, 'docs', 'hub-guide.md'), 'utf8');
  const [, section = ''] = guide.split(/^## Ten minutes.*$/m);
  const blocks = [...section.split(/^## /m)[0]!.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block!);
  const [service, hub, ...typed] = blocks;
  if (service !== 'npm start -- --empty\n' || hub !== 'node scripts/task.mjs hub\n' || typed.length !== 3)
    throw new Error('the guide has other blocks of commands than this test knows');
  const example = `"$NODE" '${path.join(root, 'docs', 'examples', 'pseudonym.ts')}' --data '${dataDir}'`;
  const commands = typed
    .join('')
    .replaceAll('127.0.0.1:7451', control)
    .replaceAll('node scripts/task.mjs pseudonym-example', example);
  return `${curl}\n${commands}echo; echo "$P"\n`;
}
