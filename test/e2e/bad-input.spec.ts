/**
 * What bad input gets from a running service, over HTTP: a clear, typed answer; nothing lost, nothing counted twice, no stack trace, and
 * no process that ends. One service for all of it, with honest accounts, hubs and epochs in between.
 */
import { afterAll, beforeAll, describe, jest } from '@jest/globals';
import type { PolicyDocument } from '#contracts';
import { badDecisions } from './bad-input/decisions.js';
import { answersSayNoMore, garbage } from './bad-input/garbage.js';
import { badPolicies } from './bad-input/policies.js';
import { Provider } from './bad-input/provider.js';
import { badRedemptions } from './bad-input/redemptions.js';
import { badSelectors } from './bad-input/selectors.js';
import { badSignals } from './bad-input/signals.js';
import { badStatements } from './bad-input/statements.js';

jest.setTimeout(600_000);

/** Three hubs of three operators suspend, besides the one that is left out. */
const policy = (document: PolicyDocument): PolicyDocument => ({
  ...document,
  windowEpochs: 4,
  decay: { scale: 16, table: [16, 12, 8, 4] },
  negative: { f: 1, clip: 20, threshold: 25 },
  hold: [{ hubVerified: false, reasons: ['other'] }],
  revocation: { tickSeconds: 0.1, meanTicks: 2, limitTicks: 8, framePerTick: 32 },
});

describe('bad input', () => {
  let running: Provider;
  const provider = () => running;
  beforeAll(async () => {
    running = await Provider.start(policy);
  });
  afterAll(() => running?.stop());

  badStatements(provider);
  badSignals(provider);
  badRedemptions(provider);
  badSelectors(provider);
  badDecisions(provider);
  badPolicies(provider);
  garbage(provider);
  answersSayNoMore(provider);
});
