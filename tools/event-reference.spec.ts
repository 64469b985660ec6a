/** docs/events.md is written by hand; this holds it to the contracts: every event and member is there, and every example is taken. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { eventPayloads, noticeTypes, streamEventTypes, streamPayloads } from '#contracts';
import { readNotice } from '../libs/hub-sdk/src/notices/notice.js';

const page = readFileSync(path.join(import.meta.dirname, '..', 'docs', 'events.md'), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('|'));
const examples = [...page.matchAll(/^```json\n(.*?)^```/gms)].map(([, text]) => JSON.parse(text!) as Record<string, object>);
const shapeOf = (shape: z.ZodType) => z.toJSONSchema(shape, { io: 'input' }) as { properties: Record<string, object> };
/** Rows of an event's table: from the one that names it to the next that names another. */
const rowsOf = (type: string): string[] => {
  const first = rows.findIndex((row) => row.startsWith(`| \`${type}\` |`));
  const rest = rows.slice(first + 1);
  const next = rest.findIndex((row) => /^\| `(urn|https):|^\| event/.test(row));
  return first < 0 ? [] : [rows[first]!, ...rest.slice(0, next < 0 ? rest.length : next)];
};

describe('the event reference', () => {
  it.each(Object.entries(eventPayloads))('has every member of %s, needed or not, with all that it may be', (type, shape) => {
    const { properties, required } = shapeOf(shape) as { properties: Record<string, { enum?: string[] }>; required: string[] };
    const cells = rowsOf(type).map((row) => row.split('|').map((cell) => cell.trim()));
    expect(cells.map(([, , member]) => member!.replaceAll('`', '')).sort()).toEqual(Object.keys(properties).sort());
    for (const [, , member, needed, value] of cells) {
      const name = member!.replaceAll('`', '');
      expect([name, needed]).toEqual([name, required.includes(name) ? 'yes' : '']);
      for (const one of properties[name]!.enum ?? []) expect(value).toContain(`\`${one}\``);
    }
  });

  it('has an example of each signal that its contract takes', () => {
    const signals = examples.flatMap((one) => Object.entries(one)).filter(([type]) => type in eventPayloads);
    expect(signals.map(([type]) => type)).toEqual(Object.keys(eventPayloads));
    for (const [type, payload] of signals) {
      const shape = eventPayloads[type as keyof typeof eventPayloads];
      expect([type, shape.safeParse(payload).success]).toEqual([type, true]);
      expect(Object.keys(shapeOf(shape).properties)).toEqual(expect.arrayContaining(Object.keys(payload)));
    }
  });

  it('has every event of a stream, with its members', () => {
    for (const [type, shape] of Object.entries(streamPayloads)) {
      const members = Object.keys(shapeOf(shape).properties);
      for (const member of members) expect([type, rowsOf(type).join()]).toEqual([type, expect.stringContaining(`\`${member}\``)]);
    }
  });

  it('has every notice of the provider, in an example that the hub SDK reads', () => {
    const types = [...Object.values(noticeTypes), ...Object.values(streamEventTypes)];
    const notices = examples.filter((one) => Object.keys(one).every((type) => types.includes(type as never)));
    expect(notices.flatMap((one) => Object.keys(one)).sort()).toEqual([...types].sort());
    const kinds = notices.map((events) => {
      const isOfStream = Object.keys(events).some((type) => type in streamPayloads);
      const subject = isOfStream ? { format: 'opaque', id: 's' } : { format: 'uri', uri: 'mimi://provider.example/p/a' };
      return readNotice({ jti: 'j', iat: 0, sub_id: subject, events }).kind;
    });
    expect(kinds).toEqual(['revoked', 'disabled', 'enabled', 'verification', 'stream-updated']);
  });
});
