import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '../clock.js';
import { createLogger } from '../logging/logger.js';
import { PlatformModule } from '../platform.module.js';
import { ConfigError } from '../config/define-config.js';
import { createHttpApp } from './create-http-app.js';
import { mendable } from './run-main.js';
import { serve } from './serve.js';
import { StartError } from './start-error.js';

const logger = createLogger({ app: 'demo', level: 'silent' });

/** An app with one request that ends when the test says so. */
async function startDemo(drainMs?: number) {
  const arrived = new EventEmitter();
  const order: string[] = [];
  let finish = () => {};

  @Controller()
  class SlowController {
    @Get('slow')
    async slow() {
      const held = new Promise<void>((resolve) => (finish = resolve));
      arrived.emit('request');
      await held;
      order.push('answered');
      return { done: true };
    }
  }
  @Injectable()
  class Database implements OnApplicationShutdown {
    onApplicationShutdown() {
      order.push('database closed');
    }
  }
  @Module({
    imports: [PlatformModule.register({ logger, clock: new FixedClock('2026-01-01T00:00:00Z') })],
    controllers: [SlowController],
    providers: [Database],
  })
  class DemoModule {}

  const app = await createHttpApp(DemoModule, { logger });
  const signals = new EventEmitter();
  const exits: number[] = [];
  const exited = new EventEmitter();
  const exit = (code: number) => {
    exits.push(code);
    exited.emit('exit');
  };
  const serving = await serve(app, {
    logger,
    host: '127.0.0.1',
    port: 0,
    signals,
    exit,
    ...(drainMs !== undefined && { drainMs }),
  });
  return { serving, signals, exits, exited, arrived, order, finish: () => finish() };
}

function request(url: string, agent: http.Agent): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent }, (response) => {
        let body = '';
        response.on('data', (chunk) => (body += String(chunk)));
        response.on('end', () => resolve({ status: response.statusCode, body }));
      })
      .on('error', reject);
  });
}

describe('serve', () => {
  it('finishes the request under way, closes modules after it and exits 0 on SIGTERM', async () => {
    const demo = await startDemo();
    const agent = new http.Agent({ keepAlive: true });
    expect((await request(`${demo.serving.url}/health/ready`, agent)).status).toBe(200); // leaves an idle connection
    const arrived = once(demo.arrived, 'request');
    const answer = request(`${demo.serving.url}/slow`, agent);
    await arrived;
    const exited = once(demo.exited, 'exit');
    demo.signals.emit('SIGTERM', 'SIGTERM');
    await expect(request(`${demo.serving.url}/health/live`, new http.Agent())).rejects.toThrow(/ECONN(REFUSED|RESET)/);
    expect(demo.exits).toEqual([]);
    demo.finish();
    expect(await answer).toEqual({ status: 200, body: '{"done":true}' });
    await exited;
    expect(demo.exits).toEqual([0]);
    expect(demo.order).toEqual(['answered', 'database closed']);
    agent.destroy();
  });

  it('exits at once on a second signal', async () => {
    const demo = await startDemo();
    const arrived = once(demo.arrived, 'request');
    const answer = request(`${demo.serving.url}/slow`, new http.Agent());
    await arrived;
    demo.signals.emit('SIGINT', 'SIGINT');
    demo.signals.emit('SIGTERM', 'SIGTERM');
    expect(demo.exits).toEqual([1]);
    demo.finish();
    await Promise.all([answer, demo.serving.stop()]);
  });

  it('exits 1 when the deadline passes', async () => {
    const demo = await startDemo(1);
    const arrived = once(demo.arrived, 'request');
    const answer = request(`${demo.serving.url}/slow`, new http.Agent());
    await arrived;
    const exited = once(demo.exited, 'exit');
    demo.signals.emit('SIGTERM', 'SIGTERM');
    await exited;
    expect(demo.exits).toEqual([1]);
    demo.finish();
    await Promise.all([answer, demo.serving.stop()]);
  });

  it('says in one line that a port is taken and what to do', async () => {
    const first = await startDemo();
    const second = await createHttpApp(PlatformModule.register({ logger, clock: new FixedClock('2026-01-01T00:00:00Z') }), {
      logger,
    });
    const port = Number(new URL(first.serving.url).port);
    const refused = serve(second, { logger, host: '127.0.0.1', port, signals: new EventEmitter(), exit: () => {} });
    await expect(refused).rejects.toThrow(StartError);
    await expect(refused).rejects.toThrow(`port ${port} on 127.0.0.1 is in use: stop what listens there, or set another port`);
    await first.serving.stop();
  });
});

describe('runMain', () => {
  it('has one line for what a person can mend, and none for a defect', () => {
    expect(mendable('demo', new ConfigError('DEMO', [{ key: 'DEMO_PORT', problem: 'is required' }]))).toBe(
      'demo cannot start: DEMO_PORT is required',
    );
    expect(mendable('demo', new StartError('port 1 is in use'))).toBe('port 1 is in use');
    expect(mendable('demo', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))).toMatch(
      /^demo cannot start: a database, queue or peer/,
    );
    expect(mendable('demo', new TypeError('x is not a function'))).toBeUndefined();
  });
});

describe('createHttpApp', () => {
  it('closes what it had opened when a module does not start', async () => {
    const closed: string[] = [];
    @Injectable()
    class Broken implements OnModuleInit, OnApplicationShutdown {
      onModuleInit() {
        throw new Error('no start');
      }
      onApplicationShutdown() {
        closed.push('closed');
      }
    }
    @Module({ providers: [Broken] })
    class BrokenModule {}
    await expect(createHttpApp(BrokenModule, { logger })).rejects.toThrow('no start');
    expect(closed).toEqual(['closed']);
  });
});
