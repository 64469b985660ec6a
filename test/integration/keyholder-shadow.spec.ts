/** A shadow policy on live tallies: counts with noise under a budget, for operators, and no effect on anybody. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shadowAnswer } from '#contracts';
import type { PolicyDocument, ShadowParameters } from '#contracts';
import { shadowParametersOf } from '#policy';
import { Writer } from '../../apps/keyholder/src/database/writer.js';
import { spend, spentIn } from '../../apps/keyholder/src/shadow/shadow.repository.js';
import { DecisionsWorld, reportAll, type Pseudonym } from './keyholder-decisions-world.js';
import { RequestDesk } from './keyholder-requests-world.js';

/** So much ε that the noise is nothing in a thousand million runs: what is tested here is what comes before and after it. */
const shadow = { shadowBudget: 300, shadowEpsilon: 10_000 };

let world: DecisionsWorld;
let desk: RequestDesk;
const members: Pseudonym[] = [];
beforeAll(async () => {
  world = await DecisionsWorld.open({}, { shadow });
  desk = new RequestDesk(world.base);
  for (let i = 0; i < 12; i++) members.push((await world.member(1)).pseudonyms[0]!);
});
afterAll(() => world.close());

/** Six hubs with 120 each: after the f = 2 largest 480 of the live threshold's 960. */
const half = () => reportAll(members, [0, 1, 2, 3, 4, 5], 120);
const lower = (live: PolicyDocument): PolicyDocument => ({
  ...live,
  version: live.version + 1,
  negative: { ...live.negative, threshold: 40 },
});
const parametersOf = (document: PolicyDocument): ShadowParameters => shadowParametersOf(world.document, document);
const ask = (parameters: ShadowParameters) => desk.request('policy-shadow', parameters, { requester: 'operator-1' });
const read = async (by = 'operator-2') => {
  const { status, text } = await desk.get('/v1/shadow', by);
  return { status, answer: status === 200 ? shadowAnswer.parse(JSON.parse(text)) : undefined };
};

describe('a shadow policy', () => {
  it('is refused where its digest says more than its numbers, or its shape is not whole', async () => {
    const weights = { ...lower(world.document), weights: { ...world.document.weights, kick: 9 } };
    const { weights: _, ...silent } = parametersOf(weights);
    expect((await desk.make(ask(silent))).status).toBe(403);
    const more = { ...parametersOf(lower(world.document)), weights: { kick: 9 } } as ShadowParameters;
    expect((await desk.make(ask(more))).status).toBe(400);
    expect((await desk.make(ask(parametersOf({ ...world.document, version: 2 })))).status).toBe(403);
    expect((await read()).answer).toMatchObject({ shadow: null, reports: [] });
  });

  it('is evaluated at a decision once another operator has approved it, and tells counts from ten on', async () => {
    const parameters = parametersOf(lower(world.document));
    const request = await desk.approved(ask(parameters));
    expect((await desk.execute(request)).status).toBe(403);
    await desk.approve(request, 'operator-2');
    expect((await desk.execute(request)).status).toBe(200);
    expect((await world.decide(1, half())).status).toBe(200);
    const { answer } = await read();
    // 40 × 16 = 640: at × 0.5 and × 0.75 all twelve, above it nobody
    expect(answer?.reports).toEqual([{ epoch: 1, side: 'negative', version: 2, counts: [12, 12, null, null, null] }]);
    expect(answer?.shadow).toMatchObject(parameters);
    expect(answer?.budget).toMatchObject({ spent: 100, limit: 300, perReport: 100 });
    expect((await world.releases()).suspend).toEqual([]);
  });

  it('tells nothing of nine accounts, in the answer, the database or the log', async () => {
    expect((await world.decide(2, half().slice(0, 9 * 6), { since: 1 })).status).toBe(200);
    expect((await read()).answer?.reports[0]).toMatchObject({ epoch: 2, counts: [null, null, null, null, null] });
    const [row] = await world.base.rows('SELECT counts FROM keyholder.shadow_reports WHERE epoch = 2');
    expect(row).toEqual({ counts: [null, null, null, null, null] });
    const leaves = (await world.audit()).filter(({ type }) => type === 'shadow');
    expect(leaves).toEqual([
      expect.objectContaining({ epoch: 1, side: 'negative', version: 2, epsilon: 100 }),
      expect.objectContaining({ epoch: 2, side: 'negative', version: 2, epsilon: 100 }),
    ]);
    expect(leaves.flatMap(Object.keys)).not.toContain('counts');
  });

  it('makes no report about a side that it leaves as it is', async () => {
    expect((await world.decide(1, half(), { side: 'positive', since: 0 })).status).toBe(200);
    expect((await read()).answer?.reports).toHaveLength(2);
  });

  it('is read by operators only', async () => {
    for (const person of ['lead-1', 'auditor-1']) expect((await read(person)).status).toBe(401);
    expect((await world.base.get('/v1/shadow', 'ctl')).status).toBe(401);
    expect((await world.base.get('/v1/shadow', 'correlator')).status).toBe(403);
  });

  it('tells nothing more once the budget is spent, not after a restart and not with the clock set back', async () => {
    expect((await world.decide(3, half(), { since: 2 })).status).toBe(200);
    expect((await read()).answer?.budget.spent).toBe(300);
    await world.base.restart();
    expect((await world.decide(4, half(), { since: 3 })).status).toBe(200);
    world.base.clock.advanceMs(-40 * 86_400_000);
    expect((await world.decide(5, half(), { since: 4 })).status).toBe(200);
    world.base.clock.advanceMs(40 * 86_400_000);
    const { answer } = await read();
    expect(answer?.reports.map(({ epoch }) => epoch)).toEqual([3, 2, 1]);
    expect(answer?.budget.spent).toBe(300);
  });

  it('ends when another policy becomes live', async () => {
    world.document = { ...world.document, version: 2 };
    world.base.install(world.document);
    expect((await world.decide(6, half(), { since: 5 })).status).toBe(200);
    expect((await read()).answer?.shadow).toBeNull();
  });
});

describe('the budget', () => {
  it('is never exceeded, whatever the reports cost, and everything it grants is written down', async () => {
    const writer = world.base.app.get(Writer, { strict: false });
    let period = 10_000;
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 500 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 12 }),
        async (limit, costs) => {
          period += 1;
          let granted = 0;
          for (const cost of costs) {
            const fits = granted + cost <= limit;
            expect(await writer.transaction((transaction) => spend(transaction, period, cost, limit))).toBe(fits);
            if (fits) granted += cost;
          }
          expect(granted).toBeLessThanOrEqual(limit);
          const noted = await writer.transaction((transaction) => spentIn(transaction, period));
          expect(noted).toEqual({ period, spent: granted });
        },
      ),
      { numRuns: 30 },
    );
  });
});
