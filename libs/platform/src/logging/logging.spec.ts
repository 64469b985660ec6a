import { describe, expect, it } from '@jest/globals';
import { defineEvents } from './events.js';
import { createLogger } from './logger.js';
import { NestLogger } from './nest-logger.js';
import { scrubError, scrubText } from './scrub.js';

function capture(level: 'debug' | 'info' = 'info') {
  const lines: string[] = [];
  const logger = createLogger({ app: 'demo', level, destination: { write: (line) => void lines.push(line) } });
  return { logger, lines, entries: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const canary = 'q7x2mcanary4kz9w1r5t8y3u';

describe('logging', () => {
  it('writes one JSON line with app, level and time', () => {
    const { logger, entries } = capture();
    logger.info({ port: 7401 }, 'listening');
    expect(entries()).toEqual([{ level: 'info', time: expect.any(String), app: 'demo', port: 7401, msg: 'listening' }]);
  });

  it('redacts names that hold secrets or requests', () => {
    const { logger, lines } = capture();
    logger.info({
      authorization: canary,
      body: { x: canary },
      request: { headers: { a: canary }, cookie: canary },
      options: { password: canary },
    });
    expect(lines.join()).not.toContain(canary);
    expect(lines.join()).toContain('[redacted]');
  });

  it('leaves values of a library error out: detail, input and quoted ids', () => {
    const error = Object.assign(new Error(`invalid input syntax for type uuid: "${canary}"\nsecond line ${canary}`), {
      code: '22P02',
      detail: `Key (jti)=(${canary})`,
      cause: new Error(`at mimi://example.org/p/short`),
    });
    const { logger, lines, entries } = capture();
    logger.error({ err: error }, 'fault');
    expect(lines.join()).not.toContain(canary);
    expect(lines.join()).not.toContain('example.org/p');
    expect(entries()[0]).toMatchObject({
      err: { code: '22P02', message: 'invalid input syntax for type uuid: "[masked]"', stack: expect.stringContaining('at ') },
    });
  });

  it('does not repeat an error message outside the scrubbed error', () => {
    const { logger, lines, entries } = capture();
    logger.error(new Error(canary));
    logger.error({ err: new Error(canary) });
    logger.error(new Error(canary), `failed for ${canary}`);
    logger.error(`value %s of ${canary}`, canary);
    expect(lines.join()).not.toContain(canary);
    expect(entries().map(({ msg }) => msg)).toEqual(['error', 'error', 'failed for [masked]', 'value %s of [masked]']);
  });

  it('keeps constraint names and ordinary words readable', () => {
    expect(scrubText('duplicate key value violates unique constraint "spent_marks_key"')).toBe(
      'duplicate key value violates unique constraint "spent_marks_key"',
    );
    expect(scrubText('connect ECONNREFUSED 127.0.0.1:5432')).toBe('connect ECONNREFUSED 127.0.0.1:5432');
    expect(scrubText('abcdefghijklmnopqrstuvwxyz')).toBe('[masked]');
    expect(scrubError('plain')).toEqual({ type: 'string', message: 'plain' });
  });

  it('passes on Nest messages with their context and hides start-up chatter below debug', () => {
    const { logger, entries } = capture();
    const nest = new NestLogger(logger);
    nest.log('Mapped {/x, GET} route', 'RouterExplorer');
    nest.warn('careful', 'Demo');
    nest.error(new Error('broken'), 'Demo');
    nest.error('broken', 'Error: broken\n    at x', 'Demo');
    expect(entries().map(({ level, context, msg }) => ({ level, context, msg }))).toEqual([
      { level: 'warn', context: 'Demo', msg: 'careful' },
      { level: 'error', context: 'Demo', msg: 'error' },
      { level: 'error', context: 'Demo', msg: 'broken' },
    ]);
  });

  it('writes declared event fields only', () => {
    const { logger, lines, entries } = capture();
    const events = defineEvents({
      'set-refused': { level: 'warn', fields: { reason: ['signature', 'issuer'], count: 'number' } },
      started: { level: 'info' },
    })(logger);
    events.emit('set-refused', { reason: 'signature', count: 2 });
    const careless = { reason: canary as 'issuer', count: 1, jti: canary };
    events.emit('set-refused', careless);
    events.emit('started', {}, new Error(canary));
    expect(lines.join()).not.toContain(canary);
    expect(entries()[0]).toMatchObject({ event: 'set-refused', level: 'warn', reason: 'signature', count: 2 });
    expect(entries()[1]).toMatchObject({ event: 'set-refused', reason: '[invalid]', count: 1 });
    expect(entries()[2]).toMatchObject({ event: 'started', err: { type: 'Error', message: '[masked]' } });
  });
});
