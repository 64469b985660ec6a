/**
 * One built app as an operating-system process: start, wait until it is ready, end it in any way, start it again. Its output goes
 * to a file. It has its own process group, so Ctrl-C reaches it only through the launcher, in order.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceClient, TlsIdentity } from '#platform';
import type { TlsFiles } from '#platform';
import { childEnvironment } from '../config.js';
import { reasonIn } from './reason.js';
import { root } from './root.js';
import { StackError } from './stack-error.js';

export interface AppSpec {
  readonly name: string;
  /** main.js, with arguments */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** http://host:port, or https://… */
  readonly url: string;
  /** Whose certificate looks at a process that is called over TLS. */
  readonly client?: TlsFiles;
}

export interface AppExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** As built: this file may be run from its source, by tests. */
const followParent = path.join(root, 'dist', 'apps', 'ctl', 'src', 'stack', 'follow-parent.js');

const LOOK_MS = 3_000;

export class AppProcess {
  private child: ChildProcess | undefined;
  private exited: Promise<AppExit> = Promise.resolve({ code: null, signal: null });
  private client: ServiceClient | undefined;
  private logStart = 0;
  private expected = false;

  constructor(
    readonly spec: AppSpec,
    /** Called when the app ends and nobody here asked it to. */
    private readonly onUnexpectedExit: (exit: AppExit) => void = () => undefined,
  ) {}

  get url(): string {
    return this.spec.url;
  }

  get pid(): number | undefined {
    return this.isRunning ? this.child?.pid : undefined;
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Spawns; does not wait. `env` overrides that of the spec for this run. */
  spawn(env: Readonly<Record<string, string | undefined>> = {}): this {
    if (this.isRunning) throw new Error(`${this.spec.name} is running`);
    const log = openSync(this.spec.logFile, 'a', 0o600);
    this.logStart = fstatSync(log).size;
    this.expected = false;
    const child = spawn(process.execPath, ['--enable-source-maps', '--import', followParent, ...this.spec.command], {
      env: { ...childEnvironment(), NODE_ENV: 'development', ...this.spec.env, ...env },
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    });
    closeSync(log);
    this.child = child;
    this.exited = new Promise((resolve) => {
      child.once('error', () => resolve({ code: 127, signal: null }));
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    void this.exited.then((exit) => {
      if (this.child === child && !this.expected) this.onUnexpectedExit(exit);
    });
    return this;
  }

  /** Resolves once /health/ready answers 200. Throws StackError when the app ends first or takes too long. */
  async ready(patienceMs = 60_000, signal?: AbortSignal): Promise<void> {
    for (const limit = performance.now() + patienceMs; performance.now() < limit; await sleep(40)) {
      signal?.throwIfAborted();
      if (!this.isRunning) throw this.startFailure(`${this.spec.name} did not start`);
      if ((await this.answers('/health/ready')) === 200) return;
    }
    throw this.startFailure(`${this.spec.name} was not ready after ${Math.round(patienceMs / 1000)} s`);
  }

  /** HTTP status of a route, or undefined when nobody answers. */
  async answers(route: string): Promise<number | undefined> {
    try {
      return (await this.get(route)).status;
    } catch {
      return undefined;
    }
  }

  /** As `ctl` asks. Rejects when nobody answers. */
  async get(route: string): Promise<{ readonly status: number; readonly text: string }> {
    const { name, url, client: files } = this.spec;
    if (files) this.client ??= new ServiceClient(url, name, TlsIdentity.open('ctl', files));
    const response = this.client
      ? await this.client.request(route, { timeoutMs: LOOK_MS })
      : await fetch(url + route, { signal: AbortSignal.timeout(LOOK_MS) });
    return { status: response.status, text: await response.text() };
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<AppExit> {
    this.expected = true;
    if (this.isRunning) this.child?.kill(signal);
    return this.exited;
  }

  /** kill −9, as a crash would. */
  kill(): Promise<AppExit> {
    return this.end('SIGKILL');
  }

  /** SIGTERM; an app that does not go in time is killed, and the exit says so. */
  async stop(patienceMs = 15_000): Promise<AppExit> {
    const timer = setTimeout(() => this.child?.kill('SIGKILL'), patienceMs);
    const exit = await this.end('SIGTERM');
    clearTimeout(timer);
    return exit;
  }

  /** Resolves when the app has ended, whoever ended it. */
  ended(): Promise<AppExit> {
    return this.exited;
  }

  /** What this run of the app has written so far. */
  output(): string {
    return readFileSync(this.spec.logFile).subarray(this.logStart).toString();
  }

  private startFailure(what: string): StackError {
    const reason = reasonIn(this.output());
    return new StackError(`${what} (${reason})`, `see ${this.spec.logFile}`);
  }
}
