/**
 * A small world from mint to match, all over HTTP: 1 mint, 5 signals, one tally, witness, decision and match per pseudonym. Two accounts in
 * a hundred are abusers that cross, so that there is a force time and the match happens.
 */
import { eventTypes, setMediaType } from '#contracts';
import type { PolicyDocument } from '#contracts';
import { closeAndDecide } from '../../scenario/epochs.js';
import type { BenchStack } from '../bench-stack.js';
import { benchPolicy } from '../bench-stack.js';
import { eventSum } from '../event-sum.js';
import { prepareRedemptions } from '../front/redemptions.js';
import type { Redemption } from '../front/redemptions.js';
import { SetSigner } from '../front/signed-sets.js';
import type { LoadProcess } from '../load/load-process.js';
import { until } from '../until.js';

export const perAccount = 4;
export const signalsEach = 5;
const abuserShare = 0.02;

/** Each epoch stands alone, so that a second world on the same service folds nothing of the first; selectors end at once. */
export function worldPolicy(document: PolicyDocument): PolicyDocument {
  const revocation = { ...document.revocation, meanTicks: 1, limitTicks: 1 };
  const positive = { ...document.positive, everyEpochs: 30 };
  return { ...benchPolicy(document), windowEpochs: 1, decay: { scale: 16, table: [16] }, revocation, positive };
}

export interface SmallWorld {
  /** By account. */
  readonly redemptions: readonly (readonly Redemption[])[];
  readonly abusers: number;
  readonly tokens: readonly string[];
}

/** The clients' and hubs' part, before the clock starts. */
export async function prepareWorld({ stack, signal }: BenchStack, pseudonyms: number, label: string): Promise<SmallWorld> {
  const redemptions = await prepareRedemptions(stack, { count: pseudonyms, perAccount, label }, signal);
  const abusers = Math.max(1, Math.round(redemptions.length * abuserShare));
  const { audience } = stack.policy();
  const signers = stack.keys.hubs.map((hub) => new SetSigner(hub, audience));
  const tokens = redemptions.flatMap((own, account) =>
    own.flatMap(({ uri }, i) =>
      Array.from({ length: signalsEach }, (_, k) => {
        const signer = signers[(account + signalsEach * i + k) % signers.length] as SetSigner;
        const { type, payload } = account < abusers ? report : kick;
        return signer.sign(uri, type, payload, new Date()).token;
      }),
    ),
  );
  return { redemptions, abusers, tokens };
}

/** Four pseudonyms at five hubs each: 10 at each of 20 hubs crosses 60, 2 at each never does. */
const report = { type: eventTypes.abuseReport, payload: { reason: 'spam', hubVerified: true } } as const;
const kick = { type: eventTypes.kick, payload: { by: 'hub' } } as const;

/** Everything that the service does for this world. */
export async function playWorld(bench: BenchStack, world: SmallWorld, load: LoadProcess): Promise<void> {
  const { stack, signal } = bench;
  const { nyms } = stack.urls;
  const bodies = world.redemptions.flat().map(({ body }) => body);
  const shownBefore = shown(bench);
  await load.send({ url: `${nyms}/v1/pseudonyms`, contentType: 'application/json', bodies, connections: 128 }, 201);
  await load.send({ url: `${nyms}/v1/signals`, contentType: setMediaType, bodies: world.tokens, connections: 16 }, 202);
  await closeAndDecide(stack);
  await until('the match', { signal, seconds: 120 }, () => shown(bench) - shownBefore >= bodies.length);
  const suspended = world.redemptions.slice(0, world.abusers).flat();
  await until('the revocations', { signal, seconds: 30 }, async () => (await revoked(bench)) === suspended.length);
}

/** As if it had never been, so that the next world is no larger; accounts and epochs stay. */
export async function forgetWorld(bench: BenchStack): Promise<void> {
  await bench.pool('nyms').query('DELETE FROM pseudonyms.pseudonyms');
  await bench.pool('keyholder').query('DELETE FROM keyholder.standings');
  await bench.pool('keyholder').query('DELETE FROM keyholder.force_times');
}

const shown = ({ stack }: BenchStack): number => eventSum(stack.processes.nyms.output(), 'selectors-shown', 'selectors');

async function revoked(bench: BenchStack): Promise<number> {
  const { rows } = await bench
    .pool('nyms')
    .query<{ count: number }>('SELECT count(*)::int AS count FROM pseudonyms.pseudonyms WHERE revoked');
  return rows[0]?.count ?? 0;
}
