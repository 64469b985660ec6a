/** What a restore must not give back: counts about an epoch that were told, their ε, the day's break-glasses, and statements that seal. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalBytes, frame, keyholderParameters, labels, PERIOD_DAYS, shadowAnswer, toBase64Url } from '#contracts';
import type { ApprovalRequest, PolicyDocument } from '#contracts';
import { shadowParametersOf } from '#policy';
import { backUp, restore } from '../../apps/ctl/src/backup/backup.js';
import { DecisionsWorld, reportAll, type Pseudonym } from './keyholder-decisions-world.js';
import type { Answer } from './keyholder-minting-world.js';
import { RequestDesk } from './keyholder-requests-world.js';

const budget = 400;
let world: DecisionsWorld;
let desk: RequestDesk;
let folder: string;
let draft: PolicyDocument;
const members: Pseudonym[] = [];

const generation = { generation: 2 };
const parameters = async () => keyholderParameters.parse(JSON.parse((await world.base.get('/v1/parameters', 'correlator')).text));
const shadow = async () => shadowAnswer.parse(JSON.parse((await desk.get('/v1/shadow', 'operator-2')).text));
const little = () => reportAll(members, [0, 1, 2, 3, 4, 5], 32);
async function countShadow(epoch: number): Promise<Answer> {
  const live = world.document;
  world.document = draft;
  const tree = await world.tree(epoch, reportAll(members, [0, 1, 2, 3, 4, 5], 640), { policy: 'shadow' });
  world.document = live;
  return world.submit(world.attest(tree), tree.ciphertexts) as Promise<Answer>;
}
const breakGlass = (of: Pseudonym, change: Partial<ApprovalRequest> = {}) =>
  desk.request('break-glass', { uri: of.redemption.uri as never }, change as never);
const codeOf = ({ status, text }: Answer) => `${status} ${(JSON.parse(text) as { type?: string }).type ?? ''}`;
async function seal(day: number): Promise<string> {
  const id = randomBytes(16).toString('base64url');
  const statement = { v: 1, id, by: 'operator-1', case: 'case-1', reason: '', day, type: 'seal' };
  const signature = toBase64Url(world.base.operator.sign(frame(labels.statement, canonicalBytes(statement))));
  return codeOf(await world.base.post('/v1/seal', { statement, signature }, 'ctl'));
}

beforeAll(async () => {
  world = await DecisionsWorld.open({}, { shadow: { shadowBudget: budget, shadowEpsilon: 10_000 }, breakGlassPerDay: 1 });
  desk = new RequestDesk(world.base);
  folder = mkdtempSync(path.join(os.tmpdir(), 'spent-'));
  for (let i = 0; i < 12; i++) members.push((await world.member(1)).pseudonyms[0]!);
  world.base.clock.advanceDays(1); // the first day of a period
  draft = { ...world.document, version: 2, weights: { ...world.document.weights, kick: 40 } };
  const asked = desk.request('policy-shadow', shadowParametersOf(world.document, draft), { requester: 'operator-1' });
  await desk.done(asked, ['operator-2']);
  expect((await world.decide(1, little())).status).toBe(200);
}, 120_000);
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

describe('after a restore from before', () => {
  it('an epoch is not counted about again: what was told of it is forgotten, and was told', async () => {
    const place = () => ({
      databaseUrl: world.base.database.urlFor('keyholder'),
      secretsDir: path.join(world.base.folder, 'secrets'),
    });
    const { digest } = await backUp(path.join(folder, 'backup'), place());
    expect((await parameters()).shadow?.due).toEqual(['negative']);
    expect((await countShadow(1)).status).toBe(200);
    expect((await desk.done(breakGlass(members[0]!), ['lead-2', 'lead-3'], members[0]))?.output).toBe('handle');
    expect(await shadow()).toMatchObject({ reports: [{ epoch: 1 }], budget: { spent: 100 } });

    await world.base.app.close();
    await world.base.replaceDatabase();
    rmSync(place().secretsDir, { recursive: true });
    await restore(path.join(folder, 'backup'), place(), digest);
    world.base.app = await world.base.start();
    const named = desk.request('restore', { restored: 2, lastDecided: 1 }, { requester: 'operator-1', ...generation });
    expect(await desk.done(named, ['operator-2'])).toEqual({ output: 'nothing' });
    expect((await shadow()).reports).toEqual([]);
    expect((await parameters()).shadow?.due).toEqual([]);
    expect((await countShadow(1)).status).toBe(403);
    expect((await shadow()).reports).toEqual([]);
  });

  it('the ε of the present period is spent, and there is some again in the next', async () => {
    expect((await shadow()).budget).toMatchObject({ spent: budget, limit: budget });
    expect((await world.decide(2, little())).status).toBe(200);
    expect((await parameters()).shadow?.due).toEqual([]);
    expect(JSON.parse((await countShadow(2)).text)).toEqual({ outcome: 'waiting', epoch: 2 });
    expect((await shadow()).reports).toEqual([]);
  });

  it('there is no break-glass on that day, however few the database remembers', async () => {
    expect((await desk.make(breakGlass(members[1]!, generation))).status).toBe(403);
  });

  it('a statement that seals is refused when it was signed up to that day', async () => {
    const today = world.base.clock.today();
    expect([await seal(today), await seal(today - 1)]).toEqual(['403 /errors/answer-refused', '403 /errors/answer-refused']);
    // this key holder unseals itself, so a good one is answered that it would not last
    expect(await seal(today + 1)).toBe('403 /errors/not-permitted');
  });

  it('all of it comes back with its time', async () => {
    world.base.clock.advanceDays(1);
    await world.base.upkeep();
    expect((await desk.done(breakGlass(members[1]!, generation), ['lead-2', 'lead-3'], members[1]))?.output).toBe('handle');
    expect((await shadow()).budget).toMatchObject({ spent: budget });
    world.base.clock.advanceDays(PERIOD_DAYS - 1);
    expect((await shadow()).budget).toMatchObject({ spent: 0 });
    expect((await parameters()).shadow?.due).toEqual(['negative']);
    expect((await countShadow(2)).status).toBe(200);
    expect((await shadow()).reports).toMatchObject([{ epoch: 2 }]);
  });
});
