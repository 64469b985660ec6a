import { describe, expect, it } from '@jest/globals';
import { dayOf, pseudonymReports } from '#contracts';
import { reportLines, reportRow } from './shown-reports.js';

const day = dayOf(new Date('2026-11-30T00:00:00Z'));
const [full, bare] = pseudonymReports.parse({
  reports: [
    {
      hub: 'https://hub.example',
      jti: 'j1',
      state: 'counted',
      reason: 'spam',
      reasonCode: 9,
      hubVerified: true,
      reporters: '2-5',
      room: 'mimi://hub.example/r/lobby',
      day,
      messages: [
        { acceptedDay: day - 1, evidence: 'hub attests sender, room, time' },
        { acceptedDay: 2_932_896, evidence: 'not verified' },
        { evidence: 'not verified' },
      ],
    },
    { hub: 'https://hub.example', jti: 'j2', state: 'held', reason: 'other', hubVerified: false, day, messages: [] },
  ],
}).reports;

describe('a report as a moderator reads it', () => {
  it('is a line that counts messages, and those that are attested', () => {
    expect(reportRow(full!)).toEqual([
      '2026-11-30',
      'https://hub.example',
      'j1',
      'spam',
      'mimi://hub.example/r/lobby',
      'counted',
      3,
      1,
    ]);
  });

  it('tells what is attested from what is said, and claims content of none', () => {
    expect(reportLines(full!).split('\n')).toEqual([
      '2026-11-30  https://hub.example  j1  (counted)',
      '  reason    spam, code 9',
      '  room      mimi://hub.example/r/lobby',
      '  reporters 2-5, says the hub',
      '  content   the hub says that it has checked it; nobody else can',
      '  message 1 of 2026-11-29: hub attests sender, room, time',
      '  message 2 of 9999-12-31: not verified',
      '  message 3 at no date: not verified',
    ]);
    expect(reportLines(bare!)).toContain('not checked by the hub');
    expect(reportLines(bare!)).toContain('no message with a frank');
  });
});
