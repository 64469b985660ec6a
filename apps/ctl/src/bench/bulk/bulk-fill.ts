/**
 * Puts a planned world into the databases as mints and signals would leave them: positions and counts in the key holder's, pseudonyms with
 * signed selectors and one stored SET each in nyms'. By COPY and as superuser, since the measured path would take twenty minutes.
 */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { eventTypes, toBase64Url } from '#contracts';
import { encodeAbuseReport } from '#mimi';
import { setHashOf } from '#signals';
import type { Selector } from '#pseudonyms';
import type { BenchStack } from '../bench-stack.js';
import { SetSigner } from '../front/signed-sets.js';
import { hubEntryOf } from '../../stack/demo-policy.js';
import { copyStream, jsonb } from './binary-copy.js';
import type { CopyField } from './binary-copy.js';
import { mintInBulk } from './bulk-mint-process.js';
import { handleOf, holderKeyOf, saltOf, spkiOf, subjectOfPlan } from './world-plan.js';
import type { WorldPlan } from './world-plan.js';

/** The key holder must not run: it keeps its positions in memory. */
export async function fillKeyholder(pool: pg.Pool, plan: WorldPlan): Promise<void> {
  const { accounts } = plan.size;
  await copyInto(pool, 'keyholder.handles (handle, holder_key, enrolled_day, commended)', () =>
    rows(accounts, (i) => [handleOf(plan, i), holderKeyOf(plan, i), plan.size.today, false]),
  );
  await copyInto(pool, 'keyholder.cohorts (cohort, key_epoch, open)', () =>
    plan.cohorts.map((cohort): CopyField[] => [cohort, keyEpoch, false]),
  );
  await copyInto(pool, 'keyholder.positions (cohort, slot, handle, last_day)', () => positionRows(plan));
  await copyInto(pool, 'keyholder.live_counts (handle, expiry_day, count)', () => liveRows(plan));
  await settle(pool);
}

/** Takes about 75 s for 200,000 on two cores: making the ciphertexts is the largest part. */
export async function fillNyms({ stack, pool, signal }: BenchStack, plan: WorldPlan): Promise<void> {
  const nyms = pool('nyms');
  const count = plan.uris.length;
  await copyInto(nyms, 'pseudonyms.pseudonyms (uri, subject, salt, spki, expiry_day, revoked)', () =>
    rows(count, (i) => [
      plan.uris[i] as string,
      subjectOfPlan(plan, i),
      saltOf(plan, i),
      spkiOf(plan, i),
      plan.expiryDays[i] as number,
      false,
    ]),
  );
  await copyInto(nyms, 'pseudonyms.clients (client_uri, uri, spki)', () =>
    rows(count, (i) => [`${(plan.uris[i] as string).replace('/p/', '/d/')}/abcdefghij`, plan.uris[i] as string, spkiOf(plan, i)]),
  );
  await copyInto(
    nyms,
    'pseudonyms.selectors (selector_id, uri, key_epoch, cohort, period, expiry_day, bytes, signature)',
    () => selectorRows(mintInBulk(stack, plan), plan),
    signal,
  );
  await copyInto(
    nyms,
    'signals.sets (id, hub, jti, uri, event_type, names, token, set_hash, jwk, state, received_day)',
    () => setRows(stack, plan),
    signal,
  );
  await settle(nyms);
}

/** As autovacuum leaves a table in the end. Else the first reader of each page would write it once more, and pay for it. */
async function settle(pool: pg.Pool): Promise<void> {
  await pool.query("VACUUM (ANALYZE, BUFFER_USAGE_LIMIT '0')");
  await pool.query('CHECKPOINT');
}

const keyEpoch = 1;

/** Superusers may leave foreign keys unchecked; the rows come from one plan. */
async function copyInto(
  pool: pg.Pool,
  target: string,
  makeRows: () => AsyncIterable<readonly CopyField[]> | Iterable<readonly CopyField[]>,
  signal?: AbortSignal,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("SET session_replication_role = 'replica'");
    const into = client.query(copyFrom(`COPY ${target} FROM STDIN (FORMAT binary)`));
    await pipeline(Readable.from(copyStream(makeRows())), into, { ...(signal && { signal }) });
    await client.query("SET session_replication_role = 'origin'");
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

function* rows(count: number, row: (i: number) => CopyField[]): Generator<CopyField[], void, undefined> {
  for (let i = 0; i < count; i++) yield row(i);
}

/** Each position once, with the last day of the pseudonyms in it. */
function* positionRows(plan: WorldPlan): Generator<CopyField[], void, undefined> {
  const seen = new Map<string, { account: number; cohort: number; slot: number; lastDay: number }>();
  plan.positions.forEach(({ cohort, slot }, i) => {
    const place = `${cohort}/${slot}`;
    const lastDay = Math.max(seen.get(place)?.lastDay ?? 0, plan.expiryDays[i] as number);
    seen.set(place, { account: Math.floor(i / plan.size.perAccount), cohort, slot, lastDay });
  });
  for (const { account, cohort, slot, lastDay } of seen.values()) yield [cohort, slot, handleOf(plan, account), lastDay];
}

function* liveRows(plan: WorldPlan): Generator<CopyField[], void, undefined> {
  const { accounts, perAccount } = plan.size;
  for (let account = 0; account < accounts; account++) {
    const days = plan.expiryDays.slice(account * perAccount, (account + 1) * perAccount);
    for (const [day, own] of Map.groupBy(days, (one) => one)) yield [handleOf(plan, account), day, own.length];
  }
}

async function* selectorRows(selectors: AsyncIterable<Selector>, plan: WorldPlan): AsyncGenerator<CopyField[], void, undefined> {
  let i = 0;
  for await (const { selectorId, cohort, period, expiryDay, bytes, signature } of selectors)
    yield [selectorId, plan.uris[i++] as string, keyEpoch, cohort, period, expiryDay, bytes, signature];
  if (i !== plan.uris.length) throw new Error(`bulk-mint gave ${i} of ${plan.uris.length} selectors`);
}

/** One signal about each pseudonym by one of the hubs, of four kinds, as intake and weighing leave it. */
function* setRows(stack: BenchStack['stack'], plan: WorldPlan): Generator<CopyField[], void, undefined> {
  const { audience } = stack.policy();
  const hubs = stack.keys.hubs.map((hub) => ({ hub, signer: new SetSigner(hub, audience), jwk: jsonb(hubEntryOf(hub).keys[0]) }));
  const now = new Date();
  for (const [i, uri] of plan.uris.entries()) {
    const { hub, signer, jwk } = hubs[i % hubs.length] as (typeof hubs)[number];
    const { type, payload } = kinds[Math.floor(i / hubs.length) % kinds.length] as (typeof kinds)[number];
    const { jti, token } = signer.sign(uri, type, payload(uri), now);
    yield [randomBytes(16), hub.id, jti, uri, type, null, token, setHashOf(token), jwk, 'counted', plan.size.today];
  }
}

const kinds = [
  { type: eventTypes.abuseReport, payload: () => ({ reason: 'spam', hubVerified: true }) },
  {
    type: eventTypes.abuseReport,
    payload: (uri: string) => ({ reason: 'harassment', hubVerified: false, abuseReport: toBase64Url(reportAbout(uri)) }),
  },
  { type: eventTypes.ban, payload: () => ({ by: 'hub', permanent: true }) },
  { type: eventTypes.rate, payload: () => ({ metric: 'messages', observed: 90, limit: 60, windowSeconds: 60 }) },
] as const;

/** One frank that nobody else has; its signature is nobody's, and no tally looks at it. */
const reportAbout = (allegedAbuserUri: string): Uint8Array =>
  encodeAbuseReport({
    reportingUser: '',
    allegedAbuserUri,
    reasonCode: 1,
    note: '',
    messages: [
      {
        messageContent: new Uint8Array(),
        frank: { serverFrank: randomBytes(32), cipherSuite: 1, integritySignature: randomBytes(64) },
        acceptedTimestamp: 1_795_000_000_000n,
      },
    ],
    abuseExtensions: [],
  });
