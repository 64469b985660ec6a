/** The load generator as its parent sees it: started once, given jobs one after the other, gone with its parent in whatever way that ends. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { childEnvironment } from '../../config.js';
import { root } from '../../stack/root.js';

export interface LoadJob {
  readonly url: string;
  readonly contentType: string;
  readonly bodies: readonly string[];
  readonly connections: number;
}

export type LoadResult =
  { readonly seconds: number; readonly statuses: Readonly<Record<number, number>> } | { readonly error: string };

const generator = path.join(root, 'dist', 'apps', 'ctl', 'src', 'bench', 'load', 'generator.js');

export class LoadProcess {
  private constructor(private readonly child: ChildProcess) {}

  static start(): LoadProcess {
    return new LoadProcess(
      spawn(process.execPath, ['--enable-source-maps', generator], {
        env: childEnvironment(),
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        detached: true,
      }),
    );
  }

  /** Sends all bodies. @returns seconds from the first request to the last answer. Throws unless every answer has this status. */
  async send(job: LoadJob, status: number): Promise<number> {
    const answer = await this.answerTo(job);
    if ('error' in answer) throw new Error(answer.error);
    const others = Object.entries(answer.statuses).filter(([other]) => Number(other) !== status);
    if (others.length > 0)
      throw new Error(`${job.url} answered ${others.map(([other, count]) => `${other} (${count} times)`).join(', ')}`);
    return answer.seconds;
  }

  private async answerTo(job: LoadJob): Promise<LoadResult> {
    const settled = new AbortController();
    const { signal } = settled;
    try {
      const answer = once(this.child, 'message', { signal }).then(([result]) => result as LoadResult);
      const gone = once(this.child, 'exit', { signal }).then((): LoadResult => ({ error: 'the load generator ended' }));
      for (const promise of [answer, gone]) promise.catch(() => undefined); // the slower one is called off
      this.child.send(job);
      return await Promise.race([answer, gone]);
    } finally {
      settled.abort();
    }
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}
