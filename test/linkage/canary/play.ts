/**
 * Everything once, with a canary among others: enrolment, tickets, minting, a second device, renewal, signals of all kinds, two epochs,
 * suspension, revocation, a moderator's look, a blind suspension, reinstatement, and whatever can be refused on the way.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { closeAndDecide } from '../../../apps/ctl/src/scenario/epochs.js';
import { inParallel } from '../../../apps/ctl/src/scenario/parallel.js';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import { act, decide, hubsOf, lookInto, Player } from './cast.js';
import type { Recorder } from './recorder.js';

const OTHERS = 7;
const PSEUDONYMS = 3;
/** Revocations are spread over five seconds by the policy. */
const PATIENCE_MS = 60_000;

/** @param look called while things are under way */
export async function play(stack: Stack, subject: string, recorder: Recorder, look: () => Promise<void>): Promise<Player> {
  const canary = new Player(subject, stack, recorder);
  const others = Array.from({ length: OTHERS }, (_, i) => new Player(`somebody-else-${i}`, stack, recorder));
  const all = [canary, ...others];
  await inParallel(all, 4, (player) => player.join(PSEUDONYMS + 1));
  await inParallel(
    all.flatMap((player) => new Array<Player>(PSEUDONYMS).fill(player)),
    8,
    async (player) => void (await player.redeem()),
  );
  await canary.addDevice(canary.uris[0]!);
  await canary.client.renew(canary.uris[0]!, { immediately: true });
  await others[0]!.client.renew(others[0]!.uris[0]!, { immediately: true });

  await signals(stack, canary, others);
  await look();
  const deciding = closeAndDecide(stack);
  await look();
  await deciding;
  await look();
  await until('the canary is suspended', async () => (await canary.client.standing()).standing === 'suspended');
  const hubs = hubsOf(stack);
  await until('its pseudonyms are revoked', async () => {
    const active = await Promise.all(canary.uris.map((uri) => hubs[0]!.isActive(uri)));
    return !active.includes(true);
  });
  await refused('tickets of a suspended account', () => canary.client.takeTickets(1));
  if (await canary.redeem()) throw new Error('a suspended account got a pseudonym');

  await lookInto(stack, canary.uris[0]!, stack.keys.hubs[0]!.id);
  await act(stack, 'suspend', others[1]!.uris[0]!);
  await act(stack, 'reinstate', canary.uris[1]!);
  // pseudonyms of several hubs, or the epoch would wait for more
  for (const [at, hub] of hubs.entries()) await hub.report(others[at + 2]!.uris[1]!, { reason: 'spam', hubVerified: true });
  await closeAndDecide(stack);
  await until('the canary is reinstated', async () => (await canary.client.standing()).standing === 'active');
  return canary;
}

/** The canary is reported by three hubs until it crosses; others are spoken of, too. */
async function signals(stack: Stack, canary: Player, others: readonly Player[]): Promise<void> {
  const hubs = hubsOf(stack);
  const [first, , , last] = hubs as [(typeof hubs)[0], (typeof hubs)[0], (typeof hubs)[0], (typeof hubs)[0]];
  await inParallel(hubs.slice(0, 3), 3, async (hub) => {
    for (const uri of [0, 1, 0, 1].map((at) => canary.uris[at]!)) await hub.report(uri, { reason: 'spam', hubVerified: true });
  });
  const ban = await first.ban(canary.uris[2]!, { by: 'hub', permanent: true });
  await first.unban(canary.uris[2]!, ban.jti);
  const kick = await last.kick(canary.uris[0]!, { by: 'room-admin' });
  await last.retract(canary.uris[0]!, kick.jti);
  await last.rate(canary.uris[1]!, { metric: 'messages', observed: 900, limit: 100, windowSeconds: 60 });
  const held = await last.report(canary.uris[1]!, { reason: 'other', hubVerified: false });
  await until('a held signal can be released', async () => {
    return decide(stack, 'release-signal', { hub: stack.keys.hubs[3]!.id, jti: held.jti }).then(
      () => true,
      () => false,
    );
  });
  for (const other of others) await last.commend(other.uris[0]!, '2026-01-01');
  await first.report(`mimi://${stack.policy().domain}/p/nobodynobodynobodynobodyno`, { reason: 'spam', hubVerified: true });
}

async function refused(what: string, act: () => Promise<unknown>): Promise<void> {
  const done = await act().then(
    () => true,
    () => false,
  );
  if (done) throw new Error(`${what}: was not refused`);
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(100)) if (await holds()) return;
  throw new Error(`not after ${PATIENCE_MS / 1_000} s: ${what}`);
}
