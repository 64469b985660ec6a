/**
 * What a hub does, against a running nyms: reports a pseudonym, sends the same SET once more, takes the report back, bans and unbans it,
 * asks whether it is still valid, and hears from the provider (hub-notices.ts). The steps are what to copy into a program of yours.
 * Knows one hub's key and pseudonyms; must never learn an account, and nobody can tell it one.
 *
 *   npm start -- --empty                   in one terminal
 *   node scripts/task.mjs hub-example      in another
 */
import { HubClient } from '#hub-sdk';
import { explain } from './hub-faults.ts';
import { playNotices } from './hub-notices.ts';
import { help, readOptions } from './hub-options.ts';
import type { Options } from './hub-options.ts';

const print = (line: string): void => console.log(line);

/** The same `fetch`, with every request and its answer shown. */
const shown: typeof fetch = async (input, init) => {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  const request = `   ${init?.method ?? 'GET'} ${decodeURIComponent(pathname)}`;
  try {
    const response = await fetch(input, init);
    print(`${request} → ${response.status}`);
    return response;
  } catch (error) {
    print(`${request} → no answer`);
    throw error;
  }
};

async function play({ pseudonym, ...options }: Options): Promise<void> {
  const client = new HubClient({ ...options, fetch: shown, retry: { attempts: 3 } });
  print(`${options.hub} tells ${options.audience} about ${pseudonym}`);

  print('1. report spam that we have checked ourselves');
  const set = await client.report(pseudonym, { reason: 'spam', hubVerified: true, reporters: '2-5' });
  print(`   stored for good; keep its jti to take it back: ${set.jti}`);

  print('2. send the same SET again, as after a lost answer');
  await client.push(set);
  print('   the same 202: it counts once, however often it is sent');

  print('3. it was wrong: take it back');
  await client.retract(pseudonym, set.jti);
  print('   from the next epoch on it does not count');

  print('4. ban it for an hour, then for good');
  await client.ban(pseudonym, { by: 'room-admin', durationSeconds: 3_600 });
  const ban = await client.ban(pseudonym, { by: 'hub', permanent: true });

  print('5. lift the ban');
  await client.unban(pseudonym, ban.jti);

  print('6. ask whether the pseudonym is still valid: the provider itself, and its published lists');
  const active = await client.isActive(pseudonym);
  print(`   ${active ? 'active' : 'not active: unknown, expired or revoked, which look alike'}`);
  const listed = await client.isActiveByList(pseudonym);
  print(`   ${listed ? 'active' : 'not active'} by the lists`);

  await playNotices({ pseudonym, ...options }, shown, print);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options) await play(options);
  else print(help);
} catch (error) {
  const { lines, exitCode } = explain(error);
  for (const line of lines) console.error(line);
  process.exitCode = exitCode;
}
