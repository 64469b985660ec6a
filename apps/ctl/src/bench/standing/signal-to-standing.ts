/**
 * From the last signal of a crossing to "suspended" at the registrar, with epochs closed by the clock every two seconds: waiting for the
 * epoch to end, inspection, tally, attestation, decision, release. Hubs go on reporting others all the time, as they do: one hub's signal
 * alone decides nothing. Clients and hubs are the SDKs here.
 */
import { createPrivateKey } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { NymtallyClient } from '#client-sdk';
import type { PolicyDocument } from '#contracts';
import { HubClient } from '#hub-sdk';
import { expectMinted } from '../../scenario/people.js';
import type { Stack } from '../../stack/stack.js';
import type { BenchContext, Group } from '../bench-context.js';
import { benchPolicy, rootFingerprint, withBenchStack } from '../bench-stack.js';
import type { BenchStack } from '../bench-stack.js';
import { until } from '../until.js';

const epochSeconds = 2;
/** 10 units at each of nine hubs, the two largest left out: 70 of 60, and still above it when an epoch ends in the middle of them. */
const reportingHubs = 9;
const backgroundPauseMs = 200;
/** So many that none of them gathers enough to cross. */
const bystanders = 16;
const pollMs = 20;

export const standing: Group = {
  name: 'standing',
  figures: ['signal_to_standing_s'],
  run: (context) =>
    withBenchStack(context, { policy: quickEpochs, schedule: 'on' }, async (bench) => {
      context.measurements.record('signal_to_standing_s', await latencies(context, bench));
    }),
};

const quickEpochs = (document: PolicyDocument): PolicyDocument => ({ ...benchPolicy(document), epochSeconds });

async function latencies({ scale, say }: BenchContext, { stack, signal }: BenchStack): Promise<number[]> {
  const hubs = stack.keys.hubs.map(({ id, kid, key }) => {
    const { audience } = stack.policy();
    return new HubClient({
      hub: id,
      audience,
      nyms: stack.urls.nyms,
      key: { kid, alg: 'EdDSA', privateKey: createPrivateKey(key.toPem()) },
    });
  });
  const names = Array.from({ length: bystanders }, (_, i) => `bystander-${i}`);
  const others = await Promise.all(names.map((name) => pseudonymOf(accountOf(stack, name))));
  const ended = new AbortController();
  const background = reportOthers(hubs, others, AbortSignal.any([signal, ended.signal]));
  try {
    const seconds: number[] = [];
    for (let run = 0; run < 2 * scale.runs; run++) {
      const account = accountOf(stack, `abuser-${run}`);
      const uri = await pseudonymOf(account);
      await sleep(Math.random() * epochSeconds * 1_000, undefined, { signal }); // anywhere in an epoch
      for (const hub of hubs.slice(0, reportingHubs)) await hub.report(uri, { reason: 'spam', hubVerified: true });
      const last = performance.now();
      const wait = { signal, seconds: 60, everyMs: pollMs };
      await until('the suspension', wait, async () => (await account.standing()).standing === 'suspended');
      seconds.push((performance.now() - last) / 1_000);
      say(`suspended after ${seconds.at(-1)?.toFixed(2)} s`);
    }
    return seconds;
  } finally {
    ended.abort();
    await background;
  }
}

function accountOf(stack: Stack, name: string): NymtallyClient {
  return new NymtallyClient({
    registrarUrl: stack.urls.registrar,
    nymsUrl: stack.urls.nyms,
    rootFingerprint: rootFingerprint(stack),
    domain: stack.policy().domain,
    accessToken: () => stack.issuer.mint(name),
  });
}

async function pseudonymOf(account: NymtallyClient): Promise<string> {
  await account.enrol();
  await account.takeTickets(1);
  const { id } = await account.prepare({ immediately: true });
  return expectMinted(await account.redeem(id)).uri;
}

/** By one hub after the other, about one after the other. */
async function reportOthers(hubs: readonly HubClient[], uris: readonly string[], signal: AbortSignal): Promise<void> {
  const event = { metric: 'joins', observed: 11, limit: 10, windowSeconds: 60 } as const;
  for (let turn = 0; !signal.aborted; turn++) {
    await hubs[turn % hubs.length]?.rate(uris[turn % uris.length] as string, event).catch(() => undefined);
    await sleep(backgroundPauseMs, undefined, { signal }).catch(() => undefined);
  }
}
