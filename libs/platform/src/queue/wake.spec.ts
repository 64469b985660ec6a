import { describe, expect, it, jest } from '@jest/globals';
import type { Queue } from 'bullmq';
import { prepareQueueStore } from './backend.js';
import { wake } from './wake.js';

function spy() {
  const add = jest.fn<Queue['add']>();
  const ids = () => add.mock.calls.map(([, , options]) => options?.deduplication?.id);
  return { queue: { add }, add, ids };
}

describe('wake', () => {
  it('gives equal work equal ids, whatever the order of its fields', async () => {
    const { queue, ids } = spy();
    await wake(queue, 'fold', { epoch: 7, side: 'negative' });
    await wake(queue, 'fold', { side: 'negative', epoch: 7 });
    await wake(queue, 'fold', { epoch: 8, side: 'negative' });
    await wake(queue, 'sweep');
    expect(ids()).toEqual(['fold/epoch=7/side=negative', 'fold/epoch=7/side=negative', 'fold/epoch=8/side=negative', 'sweep']);
  });

  it('wakes again after a job that was already running', async () => {
    const { queue, add } = spy();
    await wake(queue, 'weigh', {}, { delay: 5 });
    expect(add).toHaveBeenCalledWith('weigh', {}, { delay: 5, deduplication: { id: 'weigh', keepLastIfActive: true } });
  });

  it('refuses to start without a store', async () => {
    await expect(prepareQueueStore({})).rejects.toThrow(/URL of a Redis or of a PostgreSQL/);
  });
});
