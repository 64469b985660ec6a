// A ceremony in a process that ends itself (SIGKILL) after a number of file writes, or in the middle of the one after them. Read from
// standard input: {act: 'init' | 'rekey', folder, request, writes, torn}. Runs the built key holder code; only the writing is a double.
import { writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { writeSecretFile } from '../../dist/apps/keyholder/src/keys/secret-files.js';
import { initSecrets } from '../../dist/apps/keyholder/src/keys/secrets-folder.js';
import { rekey } from '../../dist/apps/keyholder/src/sealing/ceremony/rekey.js';

const { act, folder, request, writes, torn } = JSON.parse(await text(process.stdin));
let written = 0;

async function write(file, bytes) {
  if (written === writes) {
    if (torn) writeFileSync(`${file}.torn.tmp`, bytes.slice(0, Math.ceil(bytes.length / 2)), { mode: 0o600 });
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => {}); // nothing after it
  }
  await writeSecretFile(file, bytes);
  written += 1;
}

if (act === 'init') await initSecrets(folder, 'plain-n2048', request, write);
else await rekey(folder, request, write);
process.stdout.write(`${written}`);
