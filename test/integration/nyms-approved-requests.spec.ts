/** An approved request about a pseudonym passes through nyms: it adds the selector, and learns nothing from the answer. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requestDigest, signRequest } from '#approvals';
import { executionRequest, toBase64Url } from '#contracts';
import type { ApprovalRequest } from '#contracts';
import { TestPeople } from '../fakes/people.js';
import { startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';

let world: NymsWorld;
let people: TestPeople;
let uri: string;
const route = '/v1/moderation/requests/execution';

beforeAll(async () => {
  world = await startNymsWorld();
  people = await TestPeople.open();
  const { body } = await world.redeemer();
  uri = body['uri']!;
  expect((await world.call('POST', '/v1/pseudonyms', { body })).status).toBe(201);
});
afterAll(() => world.stop());

const breakGlass = (of = uri) => people.request('break-glass', { uri: of as never }, { now: world.clock.now() });
const asked = (request: ApprovalRequest) => ({ request, signature: signRequest('execution', request, people.of('lead-1')) });
const pathOf = (request: ApprovalRequest) => `/v1/requests/${toBase64Url(requestDigest(request))}/execution`;

describe('an approved request about a pseudonym', () => {
  it('goes to the key holder with the newest selector, and the sealed answer comes back as it is', async () => {
    const request = breakGlass();
    world.keyholder.instead.set(pathOf(request), [() => ({ sealed: 'c2VhbGVk' })]);
    const answer = await world.call('POST', route, { body: asked(request) });
    expect([answer.status, answer.body]).toEqual([200, { sealed: 'c2VhbGVk' }]);
    const sent = world.keyholder.asked.find(({ path }) => path === pathOf(request))!;
    const { pseudonym, signature } = executionRequest.parse(JSON.parse(sent.body.toString()));
    expect(signature).toEqual(asked(request).signature);
    const [row] = await world.query<{ selector_id: Buffer }>('SELECT selector_id FROM pseudonyms.selectors WHERE uri = $1', [
      uri,
    ]);
    expect(Buffer.from(pseudonym!.selector.selectorId)).toEqual(row!.selector_id);
  });

  it('that the key holder refuses, or about a pseudonym nobody has, is refused in the same words', async () => {
    const unknown = breakGlass(`${uri.slice(0, -1)}~`);
    const answers: { status: number; text: string }[] = [];
    for (const request of [breakGlass(), unknown]) {
      world.keyholder.instead.set(pathOf(request), [world.keyholder.refuse]);
      answers.push(await world.call('POST', route, { body: asked(request) }));
    }
    expect(answers.map(({ status, text }) => [status, text.length])).toEqual(answers.map(() => [403, answers[0]!.text.length]));
    const sent = world.keyholder.asked.find(({ path }) => path === pathOf(unknown))!;
    expect(JSON.parse(sent.body.toString())).toEqual({ signature: asked(unknown).signature });
  });

  it('is one that names a pseudonym: others go to the key holder directly', async () => {
    const unfreeze = people.request('unfreeze', {}, { now: world.clock.now() });
    const before = world.keyholder.asked.length;
    for (const body of [asked(unfreeze), { request: breakGlass() }, {}, { ...asked(breakGlass()), more: 1 }])
      expect((await world.call('POST', route, { body })).status).toBe(400);
    expect(world.keyholder.asked.length).toBe(before);
  });

  it('leaves no line in the log that names it', () => {
    expect(world.lines.filter((line) => line.includes(uri.split('/').at(-1)!))).toEqual([]);
  });
});
