import { describe, expect, it } from '@jest/globals';
import { requestTypes } from '#contracts';
import type { ApprovalRequest } from '#contracts';
import { actPreview } from './act-preview.js';
import { outcomeText } from './outcome.js';

const proposal = 'p'.repeat(43);
const found = { proposal, batch: 3, remedy: 'suspend' as const };
const deskOf = (count: { count?: number; fewerThan?: number }) => ({
  undoPreview: (epoch: number) => Promise.resolve({ epoch, decided: epoch === 7, ...count }),
  proposals: () =>
    Promise.resolve({
      proposals: [
        { ...found, proposal: 'x'.repeat(43), count: 99 },
        { ...found, ...count },
      ],
    }),
});
const preview = (type: string, parameters: object, count = { count: 1_204 } as object) =>
  actPreview({ type, parameters } as ApprovalRequest, deskOf(count));

describe('what an act on many accounts would do', () => {
  it('is a count from ten on, and one text below', async () => {
    expect(await preview('undo-decision', { epoch: 7 })).toMatch(/epoch 7 suspended 1,204 accounts/);
    expect(await preview('undo-decision', { epoch: 7 }, { fewerThan: 10 })).toMatch(/suspended fewer than 10 accounts/);
    expect(await preview('undo-decision', { epoch: 8 })).toBe('epoch 8 has no decision');
    expect(await preview('accounts', { remedy: 'suspend', proposal })).toMatch(
      /^accounts: 1,204 of batch 3, .*full release batch/,
    );
    expect(await preview('accounts', { remedy: 'suspend', proposal }, { fewerThan: 10 })).toMatch(/^accounts: fewer than 10 of/);
    expect(await preview('accounts', { remedy: 'suspend', proposal: 'y'.repeat(43) })).toMatch(/no such proposal/);
    expect(await preview('accounts', { remedy: 'delete', handles: ['a', 'b'] })).toMatch(/^accounts: 2 by handle/);
  });

  it('is not asked of an act on one account', async () => {
    const many = ['undo-decision', 'accounts'];
    for (const type of requestTypes.filter((one) => !many.includes(one)))
      expect(await preview(type, { uri: 'mimi://provider.example/p/a', remedy: 'delete' })).toBeUndefined();
  });
});

describe('what came of an act', () => {
  it('is a count from ten on where it is about many, and a word where it is about one', () => {
    expect(outcomeText({ output: 'count', count: 1_204 })).toBe('done: lifted what was left of 1,204 standings');
    expect(outcomeText({ output: 'count', fewerThan: 10 })).toBe('done: lifted what was left of fewer than 10 standings');
    expect(outcomeText({ output: 'nothing' })).toBe('done');
  });
});
