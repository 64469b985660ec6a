import { describe, expect, it } from '@jest/globals';
import { logRow, streamRow } from './stream-rows.js';

const line = {
  hub: 'https://hub.example',
  method: 'push',
  status: 'enabled',
  by: 'hub',
  subjects: 3,
  waiting: 2,
  dead: 1,
  failures: 0,
  lastFailure: null,
  nextAttemptAt: null,
};

describe('rows of streams', () => {
  it('say how the endpoint does', () => {
    expect(streamRow(line)).toEqual(['https://hub.example', 'push', 'enabled', 3, 2, 1, 'well']);
    expect(streamRow({ ...line, method: 'poll' }).at(-1)).toBe('asks itself');
    const failing = { ...line, failures: 4, lastFailure: 'status-500', nextAttemptAt: new Date('2026-05-04T12:00:00Z') };
    expect(streamRow(failing).at(-1)).toBe('failed 4 times (status-500), next 2026-05-04T12:00:00Z');
    expect(streamRow({ ...failing, failures: 1, nextAttemptAt: null }).at(-1)).toBe('failed once (status-500), next now');
  });

  it('say whose word a pause is', () => {
    expect(streamRow({ ...line, status: 'paused' })[2]).toBe('paused');
    expect(streamRow({ ...line, status: 'paused', by: 'transmitter' })[2]).toBe('paused (by us)');
  });

  it('show a SET by its jti and never its subject', () => {
    const event = 'https://schemas.openid.net/secevent/risc/event-type/account-disabled';
    expect(logRow({ day: 20_577, jti: 'x', event, outcome: 'refused', err: 'invalid_key' })).toEqual([
      '2026-05-04',
      'account-disabled',
      'refused',
      'invalid_key',
      'x',
    ]);
  });
});
