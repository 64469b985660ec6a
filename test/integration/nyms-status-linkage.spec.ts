/**
 * What status answers and indices give away (standards note 00, conclusion 4): not whether a pseudonym that is not active was ever known,
 * not when one was minted, not which came together. Sizes and places are compared; times are printed.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, SignJWT } from 'jose';
import { createPrivateKey, randomBytes } from 'node:crypto';
import { statusRequestType } from '#contracts';
import { generateSigningKey } from '#platform';
import { LIST_SIZE } from '../../apps/nyms/src/status-lists/list-bits.js';
import { StatusListPublisher } from '../../apps/nyms/src/status-lists/status-list-publisher.js';
import { AUDIENCE, DOMAIN, startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';

interface Told {
  readonly text: string;
  readonly active: boolean;
  readonly place: { idx: number; uri: string };
  readonly ms: number;
}
const MINTS = 96;
let world: NymsWorld;
/** In the order in which they were asked for. */
let minted: string[];
beforeAll(async () => {
  world = await startNymsWorld();
  const bodies = await Promise.all(Array.from({ length: MINTS }, async () => (await world.redeemer()).body));
  minted = bodies.map((body) => body['uri']!);
  const answers = await Promise.all(bodies.map((body) => world.call('POST', '/v1/pseudonyms', { body })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
}, 120_000);
afterAll(() => world?.stop());

const ask = async (uri: string, { hub = world.hubs.one, at = world.url } = {}): Promise<Told> => {
  const { entry, key } = hub;
  const iat = Math.floor(world.clock.now().getTime() / 1_000);
  const token = await new SignJWT({ iss: entry.id, aud: AUDIENCE, iat, sub_id: { format: 'uri', uri } })
    .setProtectedHeader({ alg: 'EdDSA', typ: statusRequestType, kid: entry.keys[0]!.kid })
    .sign(createPrivateKey(key.toPem()));
  const began = performance.now();
  const answer = await fetch(`${at}/v1/pseudonyms/${encodeURIComponent(uri)}/status`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const text = await answer.text();
  const ms = performance.now() - began;
  const { status: signed } = JSON.parse(text) as { status: string };
  const { active, status } = decodeJwt<{ active: boolean; status: { status_list: Told['place'] } }>(signed);
  return { text, active, place: status.status_list, ms };
};
const unknown = () =>
  `mimi://${DOMAIN}/p/${Array.from(randomBytes(26), (byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte & 31]).join('')}`;
const placeOf = ({ place }: Told) => Number(place.uri.split('/').at(-1)) * LIST_SIZE + place.idx;

/** Of ranks (Spearman); 0 for what is independent, with a standard deviation of 1 / √(n − 1). */
function rankCorrelation(one: readonly number[], other: readonly number[]): number {
  const ranks = (values: readonly number[]) => {
    const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
    const out = new Array<number>(values.length);
    order.forEach((i, rank) => (out[i] = rank));
    return out;
  };
  const [a, b] = [ranks(one), ranks(other)];
  const distance = a.reduce((sum, rank, i) => sum + (rank - b[i]!) ** 2, 0);
  return 1 - (6 * distance) / (one.length * (one.length ** 2 - 1));
}
/** Five standard deviations: once in a million runs by chance. */
const nothing = 5 / Math.sqrt(MINTS - 1);

describe('indices', () => {
  it('tell no order: neither of mints, nor of rows', async () => {
    const rows = await world.query<{ uri: string; list: number; idx: number; place: string }>(
      'SELECT uri, list, idx, ctid::text AS place FROM status_lists.indices WHERE uri = ANY($1)',
      [minted],
    );
    expect(rows).toHaveLength(MINTS);
    const of = new Map(rows.map((row) => [row.uri, row]));
    const order = minted.map((_, i) => i);
    const physical = ({ place }: { place: string }) => {
      const [page, line] = place.slice(1, -1).split(',').map(Number) as [number, number];
      return page * 1_000 + line;
    };
    const byIndex = minted.map((uri) => of.get(uri)!.list * LIST_SIZE + of.get(uri)!.idx);
    expect(Math.abs(rankCorrelation(order, byIndex))).toBeLessThan(nothing);
    const byBits = minted.map((uri) => of.get(uri)!.idx);
    expect(Math.abs(rankCorrelation(order, byBits))).toBeLessThan(nothing);
    const byRow = minted.map((uri) => physical(of.get(uri)!));
    expect(Math.abs(rankCorrelation(byRow, byIndex))).toBeLessThan(nothing);
    // within a pool rows are shuffled; pools follow each other, as those of the pseudonyms do
    const pooled = await world.query<{ uri: string; pool: string }>('SELECT uri, xmin::text AS pool FROM pseudonyms.pseudonyms');
    for (const pool of Map.groupBy(pooled, (row) => row.pool).values()) {
      if (pool.length < 24) continue;
      const own = minted.filter((uri) => pool.some((row) => row.uri === uri));
      const correlation = rankCorrelation(
        own.map((_, i) => i),
        own.map((uri) => physical(of.get(uri)!)),
      );
      expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(own.length - 1));
    }
  });

  it('are never one that was shown ended from the start, nor one that ends by chance', async () => {
    const lists = await world.query<{ number: number; decoys: Buffer; cover: Buffer }>('SELECT * FROM status_lists.lists');
    const rows = await world.query<{ list: number; idx: number }>('SELECT list, idx FROM status_lists.indices');
    const bits = new Map(lists.map((list) => [list.number, list]));
    // three eighths of all indices are one of these: none among 96 by chance is one run in 10^19
    const taken = rows.filter(({ list, idx }) =>
      [bits.get(list)!.decoys, bits.get(list)!.cover].some((of) => ((of[idx >> 3]! >> (idx & 7)) & 1) === 1),
    );
    expect([rows.length >= MINTS, taken]).toEqual([true, []]);
  });

  it('stay the same, asked again, by another hub, after a restart and under another key of answers, whether or not they are anybody’s', async () => {
    const asked = [...minted.slice(0, 8), ...Array.from({ length: 8 }, unknown)];
    const places = async (by: Parameters<typeof ask>[1] = {}) => {
      const told: [boolean, number][] = [];
      for (const uri of asked) {
        const answer = await ask(uri, by);
        told.push([answer.active, placeOf(answer)]);
      }
      return told;
    };
    const first = await places();
    expect(first.map(([active]) => active)).toEqual(asked.map((_, i) => i < 8));
    const key = world.file('other-answer.key', generateSigningKey().toPem());
    const { url } = await world.start({ NYMS_ANSWER_KEY_FILE: key });
    for (const by of [{}, { hub: world.hubs.two }, { at: url }, { hub: world.hubs.two, at: url }])
      expect(await places(by)).toEqual(first);
  });

  it('lie far from each other and in all lists', async () => {
    const rows = await world.query<{ list: number; idx: number }>('SELECT list, idx FROM status_lists.indices');
    const places = rows.map(({ list, idx }) => list * LIST_SIZE + idx).sort((a, b) => a - b);
    expect(new Set(places).size).toBe(places.length);
    expect(new Set(rows.map(({ list }) => list)).size).toBe(8); // one list missed by 96 draws: one run in 45,000
    const gaps = places.slice(1).map((place, i) => place - places[i]!);
    const mean = (8 * LIST_SIZE) / MINTS;
    // exponential gaps: their standard deviation is their mean
    const spread = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(spread / mean).toBeGreaterThan(0.5);
  });
});

describe('answers about pseudonyms that are not active', () => {
  it('are alike for revoked, expired, out of use and unknown: bytes, places, bits, and what a second question gives', async () => {
    const [revoked, expired, disabled] = [minted.slice(0, 32), minted.slice(32, 64), minted.slice(64, 80)];
    const known = [...revoked, ...expired, ...disabled];
    const before = new Map<string, number>();
    for (const uri of known) before.set(uri, placeOf(await ask(uri)));
    await world.query('UPDATE pseudonyms.pseudonyms SET revoked = true WHERE uri = ANY($1)', [revoked]);
    await world.query('UPDATE pseudonyms.pseudonyms SET expiry_day = $2 WHERE uri = ANY($1)', [expired, world.clock.today()]);
    await world.query('UPDATE pseudonyms.pseudonyms SET disabled = true WHERE uri = ANY($1)', [disabled]);
    const kinds = { revoked, expired, disabled, unknown: Array.from({ length: 32 }, unknown) };
    const first = new Map<string, Told>();
    for (const uris of Object.values(kinds)) for (const uri of uris) first.set(uri, await ask(uri));
    // one length, for one length of the address
    expect(new Set([...first.values()].map(({ text }) => text.length)).size).toBe(1);
    expect([...first.values()].some(({ active }) => active)).toBe(false);
    for (const uri of known) expect(placeOf(first.get(uri)!)).not.toBe(before.get(uri));

    // by kind, all lie on decoys of the first lists, whatever the state of the database
    const decoys = await world.query<{ number: number; decoys: Buffer }>(
      'SELECT number, decoys FROM status_lists.lists ORDER BY number',
    );
    const onDecoy = (told: Told) => {
      const [list, idx] = [Math.floor(placeOf(told) / LIST_SIZE), placeOf(told) % LIST_SIZE];
      return (decoys[list]!.decoys[idx >> 3]! >> (idx & 7)) & 1;
    };
    expect(new Set([...first.values()].map(onDecoy))).toEqual(new Set([1]));

    // the same after a publication, and after retention has taken them
    world.clock.advanceMs(3_600_000);
    await world.app.get(StatusListPublisher).publishDue();
    await world.query('DELETE FROM pseudonyms.pseudonyms WHERE uri = ANY($1)', [revoked.slice(0, 8)]);
    for (const [uri, told] of first) expect((await ask(uri)).place).toEqual(told.place);
  });

  it('fall on one decoy as often as chance has it, known or not', async () => {
    // a decoy twice among 600 unknown ones: 600² / 2 / 262,144 = 0.7; more than six is one run in 10^4
    const places: number[] = [];
    for (let i = 0; i < 600; i++) places.push(placeOf(await ask(unknown())));
    expect(places.length - new Set(places).size).toBeLessThanOrEqual(6);
    const own = await world.query<{ list: number; idx: number }>('SELECT list, idx FROM status_lists.indices');
    const given = new Set(own.map(({ list, idx }) => list * LIST_SIZE + idx));
    expect(places.some((place) => given.has(place))).toBe(false); // never on what is a pseudonym's
  }, 60_000);

  it('take as long for revoked as for unknown ones', async () => {
    const revoked = minted.slice(8, 32);
    const times = { revoked: [] as number[], unknown: [] as number[] };
    for (let round = 0; round < 240; round++) {
      times.unknown.push((await ask(unknown())).ms);
      times.revoked.push((await ask(revoked[round % revoked.length]!)).ms);
    }
    const at = (values: number[], share: number) => values.toSorted((a, b) => a - b)[Math.floor(share * values.length)]!;
    const band = (values: number[]) => [0.1, 0.5, 0.9].map((share) => at(values, share).toFixed(2)).join(' / ');
    process.stdout.write(
      `status answers, ms at 10 / 50 / 90 %: revoked ${band(times.revoked)}, unknown ${band(times.unknown)}\n`,
    );
    // asked in turn, so that a busy machine slows both
    expect(at(times.revoked, 0.5) / at(times.unknown, 0.5)).toBeGreaterThan(0.5);
    expect(at(times.revoked, 0.5) / at(times.unknown, 0.5)).toBeLessThan(2);
  }, 60_000);
});
