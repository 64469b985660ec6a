/**
 * The hubs of the scenario as their operators run them: the reference hub, one process for all of them. People join their rooms under
 * pseudonyms; it reports and bans, and hears from the provider what ended, as long as the service is up. Asked over its control port only.
 */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppProcess } from '../stack/app-process.js';
import { folders } from '../stack/app-specs.js';
import { freePort } from '../stack/free-port.js';
import { root } from '../stack/root.js';
import type { Stack } from '../stack/stack.js';

interface HubState {
  readonly stream: { readonly subjects: { readonly toTell: number } };
  readonly notValid: readonly { readonly pseudonym: string; readonly why: string }[];
}

const LOOK_MS = 100;

export class ReferenceHubs {
  private constructor(
    private readonly process: AppProcess,
    private readonly names: readonly string[],
  ) {}

  static async start(stack: Stack, signal: AbortSignal): Promise<ReferenceHubs> {
    const { urls, keys, dataDir } = stack;
    const [port, control] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${control}`;
    const given = ['--nyms', urls.nyms, '--tokens', `${urls.issuer}/token`, '--audience', stack.policy().audience];
    const own = ['--keys', path.join(keys.folder, 'hubs'), '--port', String(port), '--control-port', String(control)];
    const main = path.join(root, 'dist', 'apps', 'hub', 'src', 'main.js');
    const command = [main, ...given, ...own, ...keys.hubs.flatMap(({ id }) => ['--hub', id]), '--log-level', 'warn'];
    const process = new AppProcess({ name: 'hub', command, env: {}, logFile: path.join(folders(dataDir).logs, 'hub.log'), url });
    const hubs = new ReferenceHubs(
      process.spawn(),
      keys.hubs.map(({ id }) => new URL(id).hostname.split('.')[0] as string),
    );
    await process.ready(60_000, signal).catch(async (error: unknown) => {
      await hubs.stop();
      throw error;
    });
    return hubs;
  }

  get url(): string {
    return this.process.url;
  }

  join(hub: number, pseudonym: string): Promise<void> {
    return this.ask(hub, 'join', { room: 'lobby', pseudonym });
  }

  report(hub: number, pseudonym: string, reason: string, hubVerified: boolean): Promise<void> {
    return this.ask(hub, 'report', { pseudonym, reason, hubVerified });
  }

  /** From the whole hub, for good. */
  ban(hub: number, pseudonym: string): Promise<void> {
    return this.ask(hub, 'ban', { pseudonym });
  }

  /** Resolves when the provider knows which pseudonyms each hub has met. */
  async introduced(): Promise<void> {
    for (;;) {
      const states = await Promise.all(this.names.map((_, hub) => this.state(hub)));
      if (states.every(({ stream }) => stream.subjects.toTell === 0)) return;
      await sleep(LOOK_MS);
    }
  }

  /** Every pseudonym that some hub was told has ended for good. */
  async toldOf(): Promise<Set<string>> {
    const states = await Promise.all(this.names.map((_, hub) => this.state(hub)));
    return new Set(
      states.flatMap(({ notValid }) => notValid.filter(({ why }) => why === 'revoked').map(({ pseudonym }) => pseudonym)),
    );
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }

  private async ask(hub: number, what: string, body: object): Promise<void> {
    const response = await fetch(`${this.url}/${this.names[hub]}/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`the hub could not ${what}: ${await response.text()}`);
    await response.arrayBuffer();
  }

  private async state(hub: number): Promise<HubState> {
    const { status, text } = await this.process.get(`/${this.names[hub]}/state`);
    if (status !== 200) throw new Error(`a hub does not say its state: ${status}`);
    return JSON.parse(text) as HubState;
  }
}
