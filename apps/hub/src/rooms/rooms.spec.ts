import { describe, expect, it } from '@jest/globals';
import { RateMeter } from './rate-meter.js';
import { Rooms } from './rooms.js';

const uri = 'mimi://provider.example/p/a';
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 30, 23, 59, 30) + seconds * 1_000);

describe('rooms', () => {
  it('mute somebody for a time', () => {
    const rooms = new Rooms();
    expect(rooms.mute('lobby', uri, at(60))).toBe(false);
    expect(rooms.message('lobby', uri, at(0))).toBe('not-here');
    rooms.join('lobby', uri, at(0));
    expect(rooms.mute('lobby', uri, at(60))).toBe(true);
    rooms.join('lobby', uri, at(1)); // joining again unmutes nobody
    expect([59, 60].map((seconds) => rooms.message('lobby', uri, at(seconds)))).toEqual(['muted', 'sent']);
  });

  it('kick somebody out, who may come back', () => {
    const rooms = new Rooms();
    rooms.join('lobby', uri, at(0));
    expect([rooms.kick('lobby', uri), rooms.kick('lobby', uri)]).toEqual([true, false]);
    expect(rooms.message('lobby', uri, at(0))).toBe('not-here');
    expect(rooms.join('lobby', uri, at(0))).toBe('joined');
  });

  it('ban from one room or from all, for a time or for good', () => {
    const rooms = new Rooms();
    for (const room of ['lobby', 'garden']) rooms.join(room, uri, at(0));
    rooms.ban({ room: 'lobby' }, uri, { until: at(60), jti: 'one' });
    expect(rooms.message('garden', uri, at(1))).toBe('sent');
    expect([59, 60].map((seconds) => rooms.join('lobby', uri, at(seconds)))).toEqual(['banned', 'joined']);
    rooms.ban('hub', uri, { until: undefined, jti: 'all' });
    expect(['lobby', 'garden'].map((room) => rooms.join(room, uri, at(4_000_000)))).toEqual(['banned', 'banned']);
    expect(rooms.state(at(61))).toEqual({
      rooms: [
        { room: 'lobby', members: [], bans: [] },
        { room: 'garden', members: [], bans: [] },
      ],
      bans: [{ pseudonym: uri, until: 'for good' }],
      notValid: [],
    });
    expect(rooms.unban('hub', uri)?.jti).toBe('all');
    expect(rooms.unban('hub', uri)).toBeUndefined();
    expect(rooms.join('garden', uri, at(0))).toBe('joined');
  });

  it('let nobody in whom the provider does not vouch for, whichever notice comes first', () => {
    const rooms = new Rooms();
    rooms.join('lobby', uri, at(0));
    rooms.provider('disabled', uri);
    expect([rooms.message('lobby', uri, at(0)), rooms.join('lobby', uri, at(0))]).toEqual(['not-here', 'not-valid']);
    rooms.provider('enabled', uri);
    expect(rooms.join('lobby', uri, at(0))).toBe('joined');
    rooms.provider('revoked', uri);
    rooms.provider('disabled', uri);
    expect(rooms.validity(uri)).toBe('revoked');
  });
});

describe('rates', () => {
  it('are told when a limit is passed, once in a window', () => {
    const meter = new RateMeter({ windowSeconds: 60, limits: { joins: 2, messages: 3 } });
    const count = (times: number, seconds: number, who = uri) =>
      Array.from({ length: times }, () => meter.count('joins', who, at(seconds))).filter((excess) => excess);
    expect(count(2, 0)).toEqual([]);
    expect(count(3, 1)).toEqual([{ metric: 'joins', observed: 3, limit: 2, windowSeconds: 60 }]);
    expect(count(2, 2, 'mimi://provider.example/p/b')).toEqual([]);
    expect(count(3, 30)).toHaveLength(1); // midnight: another window
    expect(meter.count('messages', uri, at(30))).toBeUndefined();
  });
});
