/** The built reference hub as a process on free ports, told what to do over its control port. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { root } from '../../../apps/ctl/src/stack/root.js';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';

interface State {
  readonly stream: { id: string; delivery: string; subjects: { known: number; toTell: number } };
  readonly received: Readonly<Record<string, number>>;
  readonly rooms: readonly unknown[];
  readonly notValid: readonly { pseudonym: string; why: string }[];
}

function launch(stack: Stack, args: readonly string[]): { child: ChildProcess; output: () => string } {
  const given = ['--nyms', stack.urls.nyms, '--tokens', `${stack.urls.issuer}/token`, '--port', '0', '--control-port', '0'];
  const keys = ['--keys', path.dirname(stack.keys.hubs[0]!.file)];
  const main = path.join(root, 'dist', 'apps', 'hub', 'src', 'main.js');
  const child = spawn(process.execPath, [main, ...given, ...keys, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return { child, output: () => output };
}

export class ReferenceHub {
  private constructor(
    private readonly child: ChildProcess,
    readonly output: () => string,
    readonly control: string,
  ) {}

  static async start(stack: Stack, args: readonly string[]): Promise<ReferenceHub> {
    const { child, output } = launch(stack, args);
    for (;;) {
      const [, control] = /"event":"listening".*"control":"([^"]+)"/.exec(output()) ?? [];
      if (control) return new ReferenceHub(child, output, control);
      if (child.exitCode !== null) throw new Error(`the hub did not start: ${output()}`);
      await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')]);
    }
  }

  /** Of a hub that must not start. */
  static async fails(stack: Stack, args: readonly string[]): Promise<{ code: number | null; output: string }> {
    const { child, output } = launch(stack, args);
    await once(child, 'close');
    return { code: child.exitCode, output: output() };
  }

  async ask(hub: string, what: string, body: object): Promise<unknown> {
    const response = await fetch(`${this.control}/${hub}/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.json();
  }

  async state(hub: string): Promise<State> {
    return (await (await fetch(`${this.control}/${hub}/state`)).json()) as State;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}
