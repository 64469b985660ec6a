/**
 * A canary account and its pseudonyms go through everything; then all that was written anywhere is searched for a place where the two
 * could be joined: tables of the three databases, the queue, logs of processes and database servers, metrics, answers that refuse.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stack } from '../../apps/ctl/src/stack/stack.js';
import { emptyRedis, redisUrl } from '../servers/redis.js';
import { badRequests, idleRequests } from './canary/bad-requests.js';
import { startCast } from './canary/cast.js';
import type { Item, Side } from './canary/item.js';
import { foundIn } from './canary/needle.js';
import { needlesOf } from './canary/needles.js';
import type { Needles } from './canary/needles.js';
import { logItems, metricItems } from './canary/processes.js';
import { play } from './canary/play.js';
import { queueItems } from './canary/queue.js';
import { Recorder } from './canary/recorder.js';
import { tableItems } from './canary/tables.js';
import { valuesOf } from './canary/values.js';
import { sharedValues } from './canary/shared-values.js';
import { print } from './world/seed.js';

const MINUTES = 60_000;
const backends: [string, string | undefined][] = [['PostgreSQL', undefined]];
if (redisUrl) backends.push(['Redis', redisUrl]);

/** What every Node process tells of itself, some of it only after its first garbage collection. */
const isOfNode = (value: string): boolean => /^(nodejs|process)_[a-z_]+(\{.*)?$/.test(value);
/** Times of log lines, and plain numbers: seconds at most, on routes that log no request. */
const isTime = (value: string): boolean => /^\d{4}-\d\d-\d\dT\d\d(:\d\d:\d\d\S*)?$|^\d+(\.\d+)?Z?$/.test(value);
/** Words of the protocol that say which of two tallies is meant. */
const words = new Set(['negative', 'positive', 'newPseudonyms']);
/**
 * What the key holder notes about epochs and statements, which the other side knows as well: roots and digests of tallies, hubs, ids
 * of statements. They name no handle; that is tested.
 */
const withoutHandles = new Set(
  ['audit_entries', 'audit_checkpoints', 'decided_trees', 'opened_tallies', 'used_statements'].map((name) => `keyholder.${name}`),
);

describe.each(backends)('a canary, with the queue on %s', (_, queue) => {
  let stack: Stack;
  let items: Item[];
  let needles: Needles;
  let known: Set<string>;
  const of = (...sides: Side[]) => items.filter(({ side }) => sides.includes(side));
  const places = (where: readonly Item[], which: readonly Exclude<keyof Needles, 'handles'>[]) =>
    where.flatMap((item) =>
      foundIn(
        item,
        which.flatMap((kind) => needles[kind]),
      ).map((name) => `${name} in ${item.where}`),
    );

  const saysNothing = (value: string) => known.has(value) || words.has(value) || isTime(value) || isOfNode(value);

  beforeAll(async () => {
    await emptyRedis();
    stack = await startCast(queue);
    // what an idle service holds and answers is common to everybody
    const stranger = new Recorder();
    await idleRequests(stack, stranger);
    const idle = [...(await tableItems(stack)), ...(await metricItems(stack)), ...logItems(stack), ...stranger.refusals];
    known = new Set(idle.flatMap((item) => [...valuesOf(item)]));
    const recorder = new Recorder();
    const underway: Item[] = [];
    const canary = await play(
      stack,
      `canary-${randomBytes(12).toString('hex')}@identity.example`,
      recorder,
      async () => void underway.push(...(await queueItems(stack, queue))),
    );
    needles = await needlesOf(stack, canary, recorder);
    await badRequests(stack, canary, recorder);
    items = [
      ...(await tableItems(stack)),
      ...(queue ? await queueItems(stack, queue) : []),
      ...underway,
      ...(await metricItems(stack)),
      ...logItems(stack),
      ...recorder.refusals,
    ];
    print(`canary: ${items.length} rows, lines, entries and answers in ${new Set(items.map(({ where }) => where)).size} places`);
  }, 5 * MINUTES);
  afterAll(() => stack?.stop(), MINUTES);

  it('is found where it belongs, so the search sees', () => {
    const account = new Set(places(of('account'), ['account']));
    const own = ['account', 'handle', 'holder key', 'mark of an e-mail address', 'mark of a phone number'];
    for (const name of own) expect(account).toContain(`${name} in registrar.accounts`);
    const pseudonym = new Set(places(of('pseudonym'), ['pseudonym']));
    for (const name of ['address', 'salt', 'subject', 'client key'])
      expect(pseudonym).toContain(`${name} in pseudonyms.pseudonyms`);
    expect(pseudonym).toContain('selector id in pseudonyms.selectors');
    expect(pseudonym).toContain('address in signals.sets');
    for (const table of ['pseudonyms.acts', 'streams.subjects', 'streams.queue', 'trust.reviews'])
      expect(pseudonym).toContain(`address in ${table}`);
    const keyholder = new Set(places(of('keyholder'), ['account']));
    for (const name of ['handle', 'holder key']) expect(keyholder).toContain(`${name} in keyholder.handles`);
  });

  it('was looked for in every kind of place', () => {
    const where = new Set(items.map((item) => item.where));
    for (const name of ['registrar', 'nyms', 'keyholder', 'correlator', 'witness']) {
      expect(where).toContain(`${name}.log`);
      expect(where).toContain(`${name} /metrics`);
    }
    // what hubs, cases and lists leave behind is there, so nothing of it was missed
    for (const table of [
      ...[
        'keyholder.release_batches',
        'keyholder.proposals',
        'keyholder.requests',
        'keyholder.standings',
        'keyholder.named_selectors',
      ],
      ...['status_lists.indices', 'status_lists.lists', 'streams.streams', 'streams.log', 'trust.reviews'],
    ])
      expect(where).toContain(table);
    const isQueue = (place: string) => (queue ? place.startsWith('redis ') : place.startsWith('bullmq.'));
    expect([...where].filter(isQueue).length).toBeGreaterThan(0);
    for (const status of [400, 401, 403, 404, 413])
      expect([...where].filter((place) => place.startsWith(`answer ${status}`)).length).toBeGreaterThan(0);
  });

  it('has account and pseudonym together in no row, line, entry or answer', () => {
    const both = items.filter(
      (item) => foundIn(item, needles.account).length > 0 && foundIn(item, [...needles.pseudonym, ...needles.wrapped]).length > 0,
    );
    expect(both.map(({ where }) => where)).toEqual([]);
  });

  it('has nothing of its account or tickets on the side of pseudonyms', () => {
    expect(places(of('pseudonym'), ['account', 'ticket'])).toEqual([]);
  });

  it('has its e-mail address and phone number nowhere, and their marks in its own row only', () => {
    expect(places(items, ['contact'])).toEqual([]);
    const marks = places(items, ['account']).filter((place) => place.startsWith('mark of'));
    expect(new Set(marks.map((place) => place.split(' in ').at(-1)))).toEqual(new Set(['registrar.accounts']));
  });

  it('has nothing of its pseudonyms on the side of accounts', () => {
    expect(places(of('account'), ['pseudonym', 'wrapped'])).toEqual([]);
  });

  it('has nothing of its pseudonyms in what the key holder keeps, nor a ticket', () => {
    expect(places(of('keyholder'), ['pseudonym', 'ticket'])).toEqual([]);
  });

  it('has its wrapped tickets nowhere, and their hash only where a retry needs it', () => {
    expect(new Set(places(items, ['wrapped']))).toEqual(new Set(['hash of a wrapped ticket in keyholder.spent']));
  });

  it('shares no value between the sides, whatever it may mean', () => {
    expect(sharedValues(of('account'), of('pseudonym'), saysNothing)).toEqual([]);
  });

  it('shares values between the key holder and the side of pseudonyms only where no handle is', () => {
    const shared = sharedValues(of('keyholder'), of('pseudonym'), saysNothing);
    expect(shared.filter(({ places: [keyholder] }) => keyholder.some((place) => !withoutHandles.has(place)))).toEqual([]);
    const rows = items.filter(({ where }) => withoutHandles.has(where));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => foundIn(row, needles.handles).length > 0).map(({ where }) => where)).toEqual([]);
  });
});
