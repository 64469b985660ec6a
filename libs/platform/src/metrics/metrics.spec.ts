import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '../clock.js';
import { Secret } from '../config/secret.js';
import { createHttpApp } from '../http/create-http-app.js';
import { createLogger } from '../logging/logger.js';
import { PlatformModule } from '../platform.module.js';
import { Metrics } from './metrics.js';

const logger = createLogger({ app: 'demo', level: 'silent' });
const clock = new FixedClock('2026-01-01T00:00:00Z');

describe('metrics', () => {
  it('counts by declared labels and hides values nobody declared', async () => {
    const metrics = new Metrics();
    const sets = metrics.counter('demo_sets_total', 'SETs', { outcome: ['stored', 'refused'] });
    sets.inc({ outcome: 'stored' });
    sets.add(2, { outcome: 'refused' });
    sets.inc({ outcome: 'mimi://canary' as 'stored' });
    const text = await metrics.registry.metrics();
    expect(text).toContain('demo_sets_total{outcome="stored"} 1');
    expect(text).toContain('demo_sets_total{outcome="refused"} 2');
    expect(text).toContain('demo_sets_total{outcome="other"} 1');
    expect(text).not.toContain('canary');
  });

  it('reads gauges at each scrape and keeps the last value when reading fails', async () => {
    const metrics = new Metrics();
    let depth: number | undefined = 4;
    metrics.gauge('demo_depth', 'depth', { queue: ['work'] }, (gauge) => {
      if (depth === undefined) throw new Error('away');
      gauge.set(depth, { queue: 'work' });
    });
    expect(await metrics.registry.metrics()).toContain('demo_depth{queue="work"} 4');
    depth = undefined;
    expect(await metrics.registry.metrics()).toContain('demo_depth{queue="work"} 4');
  });

  it('observes histograms and plain counters', async () => {
    const metrics = new Metrics();
    metrics.counter('demo_runs_total', 'runs').inc();
    metrics.histogram('demo_run_seconds', 'time', [1, 2]).observe(1.5);
    const text = await metrics.registry.metrics();
    expect(text).toContain('demo_runs_total 1');
    expect(text).toContain('demo_run_seconds_bucket{le="1"} 0');
    expect(text).toContain('demo_run_seconds_bucket{le="2"} 1');
  });

  it('keeps processes in one test process apart', () => {
    const [first, second] = [new Metrics(), new Metrics()];
    first.counter('demo_total', 'first');
    expect(() => second.counter('demo_total', 'second')).not.toThrow();
    expect(() => first.counter('demo_total', 'again')).toThrow();
  });

  it('serves /metrics in the Prometheus text format', async () => {
    const app = await createHttpApp(PlatformModule.register({ logger, clock }), { logger });
    const answer = await app.inject({ url: '/metrics' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.body).toContain('process_cpu_user_seconds_total');
    await app.close();
  });

  it('asks for the metrics token where one is configured', async () => {
    const metricsToken = new Secret('m'.repeat(30));
    const app = await createHttpApp(PlatformModule.register({ logger, clock, metricsToken }), { logger });
    expect((await app.inject({ url: '/metrics' })).statusCode).toBe(401);
    expect((await app.inject({ url: '/metrics', headers: { authorization: `Bearer ${'m'.repeat(30)}` } })).statusCode).toBe(200);
    await app.close();
  });
});
