/**
 * An act on one account shows no number of it: answers, sealed outputs and the log say the same of an account with one pseudonym and of one with
 * five, whatever the act.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditLeaf } from '#audit';
import type { ActOutput, RequestOf } from '#contracts';
import { DecisionsWorld, handleText, type Pseudonym } from './keyholder-decisions-world.js';
import { RequestDesk } from './keyholder-requests-world.js';

let world: DecisionsWorld;
let desk: RequestDesk;
beforeAll(async () => {
  world = await DecisionsWorld.open({ release: { batch: 50, maxDelaySeconds: 30 * 86_400, minAgeDays: 0 } });
  desk = new RequestDesk(world.base);
});
afterAll(() => world.close());

const few = 1;
const many = 5;
/** What an act gives back, sealed or not. */
interface Given {
  readonly status: number;
  readonly text: string;
  readonly output?: ActOutput | undefined;
}
type Play = (named: Pseudonym) => Promise<Given>;

const approved =
  <T extends 'deletion' | 'expedite' | 'related'>(type: T, more: object = {}): Play =>
  async (named) => {
    const parameters = { uri: named.redemption.uri, ...more } as unknown as RequestOf<T>['parameters'];
    const request = await desk.approved(desk.request(type, parameters), 'lead-2', 'lead-3');
    const answer = await desk.execute(request, named);
    return { ...answer, output: await desk.read(request, answer) };
  };
const plays: [string, Play][] = [
  ['a suspension', (named) => world.act('suspend', named)],
  ['a suspension for some days', (named) => world.act('suspend', named, { days: 7 })],
  ['a reinstatement', (named) => world.act('reinstate', named)],
  ['an end at once', approved('expedite')],
  ['a suspension that has related accounts found', approved('related', { remedy: 'suspend' })],
  ['a deletion that has related accounts found', approved('related', { remedy: 'delete' })],
  ['a deletion', approved('deletion')],
];

/** Lengths of texts and places of numbers: all that does not differ from act to act. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
  return typeof value === 'string' ? value.length : typeof value;
};
/** Which entry is meant, the day, the version of the registry of people, the next force time: counted in the log, not in an account. */
const running = new Set(['index', 'of', 'day', 'people', 'number', 'v']);
const numbersIn = (leaf: AuditLeaf): string[] =>
  Object.entries(leaf).flatMap(([key, value]) => (typeof value === 'number' ? [key] : []));

describe('an act on one account', () => {
  it.each(plays)('shows no number of it: %s', async (_, play) => {
    const seen = [];
    for (const count of [few, many]) {
      const { member, pseudonyms } = await world.member(count);
      const before = (await world.audit()).length;
      const { status, text, output } = await play(pseudonyms[0]!);
      const leaves = (await world.audit()).slice(before);
      expect([status, output ?? { output: 'nothing' }]).toEqual([200, { output: 'nothing' }]);
      expect(leaves.flatMap(numbersIn).filter((key) => !running.has(key))).toEqual([]);
      expect(JSON.stringify(leaves)).not.toContain(handleText(member));
      seen.push({ length: text.length, leaves: leaves.map(shapeOf) });
    }
    expect(seen[0]).toEqual(seen[1]);
  });

  it('is not shown before it happens: what is asked for says no number either', async () => {
    const texts = [];
    for (const count of [few, many]) {
      const { pseudonyms } = await world.member(count);
      const request = desk.request('deletion', { uri: pseudonyms[0]!.redemption.uri as never });
      texts.push(shapeOf(JSON.parse((await desk.make(request)).text)));
      texts.push(shapeOf((await desk.list()).find(({ request: one }) => one.id === request.id)));
    }
    expect(texts.slice(0, 2)).toEqual(texts.slice(2));
  });
});
