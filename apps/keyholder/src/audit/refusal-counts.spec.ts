import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { KeyholderEvents } from '../events.js';
import type { AuditBody } from './audit-body.js';
import type { AuditLog } from './audit-log.js';
import { RefusalCounts } from './refusal-counts.js';

describe('refusals in the log', () => {
  let rows: AuditBody[];
  let failing: boolean;
  let counts: RefusalCounts;
  beforeEach(() => {
    jest.useFakeTimers();
    [rows, failing] = [[], false];
    const log: Pick<AuditLog, 'record'> = {
      async record(body) {
        if (failing) throw new Error('away');
        rows.push(body);
      },
    };
    const events: KeyholderEvents = { emit: () => undefined };
    counts = new RefusalCounts(log as AuditLog, events);
  });
  afterEach(async () => {
    await counts.beforeApplicationShutdown();
    jest.useRealTimers();
  });

  it('show the first at once and the rest of a minute in one row', async () => {
    for (let i = 0; i < 100; i++) await counts.note(i % 2 ? 'unattested' : 'selector');
    expect(rows).toEqual([{ type: 'refused', counts: { selector: 1 } }]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(rows[1]).toEqual({ type: 'refused', counts: { unattested: 50, selector: 49 } });
    await counts.note('malformed');
    expect(rows[2]).toEqual({ type: 'refused', counts: { malformed: 1 } });
  });

  it('write no row when there was nothing', async () => {
    await counts.note('statement');
    await jest.advanceTimersByTimeAsync(300_000);
    expect(rows).toHaveLength(1);
  });

  it('are kept while the database is away, and written before the process ends', async () => {
    failing = true;
    await counts.note('selector');
    await counts.note('selector');
    failing = false;
    await counts.beforeApplicationShutdown();
    expect(rows).toEqual([{ type: 'refused', counts: { selector: 2 } }]);
  });
});
