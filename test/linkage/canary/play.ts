/**
 * Everything once, with a canary among others: enrolment, tickets, minting, a second device, renewal, signals of all kinds, two epochs,
 * suspension, revocation, notices to two hubs, a moderator's look, blind suspensions, one of them for some days, reinstatement, an account that
 * is related to the canary's, and whatever can be refused on the way.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pseudonymUri } from '#contracts';
import { closeAndDecide } from '../../../apps/ctl/src/scenario/epochs.js';
import { inParallel } from '../../../apps/ctl/src/scenario/parallel.js';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import { HubStream } from '../cast/hub-stream.js';
import { Leads } from '../cast/leads.js';
import { act, decide, hubsOf, lookInto, now, Player } from './cast.js';
import type { Recorder } from './recorder.js';

const OTHERS = 7;
const PSEUDONYMS = 3;
/** Revocations are spread over five seconds by the policy. */
const PATIENCE_MS = 60_000;

/** @param look called while things are under way */
export async function play(stack: Stack, subject: string, recorder: Recorder, look: () => Promise<void>): Promise<Player> {
  const contacts = {
    email: `canary-${randomBytes(8).toString('hex')}@mail.example`,
    phone: `+49${String(randomBytes(6).readUIntBE(0, 6)).padStart(12, '1').slice(0, 12)}`,
  };
  const canary = new Player(subject, stack, recorder, contacts);
  const relative = new Player('somebody-related', stack, recorder, contacts);
  const others = Array.from({ length: OTHERS }, (_, i) => new Player(`somebody-else-${i}`, stack, recorder));
  const all = [canary, relative, ...others];
  await inParallel(all, 4, (player) => player.join(PSEUDONYMS + 1));
  await inParallel(
    all.flatMap((player) => new Array<Player>(PSEUDONYMS).fill(player)),
    8,
    async (player) => void (await player.redeem()),
  );
  await canary.addDevice(canary.uris[0]!);
  await canary.client.renew(canary.uris[0]!, { immediately: true });
  await others[0]!.client.renew(others[0]!.uris[0]!, { immediately: true });

  const streams = [await HubStream.open(stack, 0, now), await HubStream.open(stack, 1, now)];
  for (const stream of streams) await stream.add([...canary.uris, ...others.flatMap(({ uris }) => uris)]);
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
  if (await hubs[1]!.isActiveByList(canary.uris[0]!)) throw new Error('a revoked pseudonym is active by the list');
  const told = new Set<string>();
  await until('a hub is told of all of them', async () => {
    for (const notice of await streams[0]!.take()) if ('pseudonym' in notice) told.add(notice.pseudonym);
    return canary.uris.every((uri) => told.has(uri));
  });
  await refused('tickets of a suspended account', () => canary.client.takeTickets(1));
  if (await canary.redeem()) throw new Error('a suspended account got a pseudonym');

  await lookInto(stack, canary.uris[0]!, stack.keys.hubs[0]!.id);
  await act(stack, 'suspend', others[1]!.uris[0]!);
  await act(stack, 'suspend', others[6]!.uris[0]!, 7);
  await until('a pseudonym is out of use', async () => !(await hubs[0]!.isActive(others[6]!.uris[0]!)));
  await act(stack, 'reinstate', canary.uris[1]!);
  // pseudonyms of several hubs, or the epoch would wait for more
  for (const [at, hub] of hubs.entries()) await hub.report(others[at + 2]!.uris[1]!, { reason: 'spam', hubVerified: true });
  await closeAndDecide(stack);
  await until('the canary is reinstated', async () => (await canary.client.standing()).standing === 'active');
  const fill = () => act(stack, 'suspend', others[5]!.uris[0]!);
  await relations(new Leads(stack, now), { canary, relative, fill, look });
  return canary;
}

interface Relations {
  readonly canary: Player;
  readonly relative: Player;
  /** Somebody else is suspended, so that there is a batch. */
  readonly fill: () => Promise<void>;
  readonly look: () => Promise<void>;
}

/** The canary by one of its pseudonyms, then who is related to it by handle; what is found at the end lies there still. */
async function relations(leads: Leads, { canary, relative, fill, look }: Relations): Promise<void> {
  const found = async () => (await leads.proposals())[0]?.proposal;
  await leads.related({ uri: pseudonymUri.parse(canary.uris[0]), remedy: 'suspend' });
  await until('somebody related is found', async () => (await found()) !== undefined);
  await look();
  await leads.accounts({ remedy: 'suspend', proposal: (await found())! });
  await until('they are suspended', async () => (await relative.client.standing()).standing === 'suspended');
  await leads.related({ uri: pseudonymUri.parse(relative.uris[0]), remedy: 'delete' });
  await fill();
  await until('the canary is found', async () => (await found()) !== undefined);
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
  await last.report(canary.uris[1]!, {
    ...{ reason: 'threat', hubVerified: true, room: 'mimi://hub.example/r/lobby', reporters: '2-5' },
    abuseReport: { messages: [], reportingUser: 'mimi://hub.example/u/a-reporter', note: 'a note of theirs' },
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
