/**
 * What an account's client does to join a room of a hub: enrols, takes a ticket, and turns it into a pseudonym. For trying hubs out
 * against a service of `npm start`; a real client waits between the last two, so that the times of neither tell of the other.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { NymtallyClient } from '#client-sdk';

const help = `Usage: node scripts/task.mjs pseudonym-example [account] [--data FOLDER]

Prints a new pseudonym of an account of your development service; without a name, of an account that nobody has had before.
Start the service first, in another terminal: npm start -- --empty

Example: node scripts/task.mjs pseudonym-example alice`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h' }, data: { type: 'string', default: '.nymtally' } },
});
try {
  if (values.help) console.log(help);
  else console.log(await pseudonymOf(positionals[0] ?? `account-${crypto.randomUUID()}`));
} catch (error) {
  console.error(`pseudonym-example: ${(error as Error).message}\n→ is the service up? npm start -- --empty`);
  process.exitCode = 1;
}

async function pseudonymOf(account: string): Promise<string> {
  const config = (name: string): unknown => JSON.parse(readFileSync(path.join(values.data, name), 'utf8'));
  const { rootFingerprint } = config('config/keyholder-public.json') as { rootFingerprint: string };
  const { urls } = config('run.json') as { urls: Record<'registrar' | 'nyms' | 'issuer', string> };
  const client = new NymtallyClient({
    registrarUrl: urls.registrar,
    nymsUrl: urls.nyms,
    rootFingerprint,
    domain: 'provider.example',
    accessToken: async () => {
      const response = await fetch(`${urls.issuer}/token?subject=${encodeURIComponent(account)}`, { method: 'POST' });
      return ((await response.json()) as { access_token: string }).access_token;
    },
  });
  await client.enrol();
  await client.takeTickets(1);
  const { id } = await client.prepare({ immediately: true });
  const outcome = await client.redeem(id);
  if (outcome.outcome !== 'minted') throw new Error(`refused: ${outcome.code}`);
  return outcome.pseudonym.uri;
}
