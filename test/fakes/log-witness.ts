/**
 * A log witness on plain HTTP, for key holders of tests: the real rules and real files of apps/witness, and whatever misbehaviour a test
 * asks for.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { NoteVerifier, sizeMediaType, vkeyText } from '#audit';
import { auditOrigin, logWitnessName } from '#contracts';
import { generateSigningKey, SystemClock, type Clock } from '#platform';
import { Heads } from '../../apps/witness/src/cosigning/heads.js';
import { LogCosigner } from '../../apps/witness/src/cosigning/log-cosigner.js';

/** Instead of the right answer; `undefined` lets that be given. */
export type Misbehaviour = (body: string, response: ServerResponse) => Promise<void> | undefined;

export class LogWitness {
  readonly key = generateSigningKey();
  readonly name: string;
  /** Set it to change what comes next. */
  misbehave: Misbehaviour | undefined;
  /** Requests seen. */
  asked = 0;
  /** Checkpoints of another history that it refused. */
  alarms = 0;
  private server: Server | undefined;
  private port = 0;
  private folder = mkdtempSync(path.join(os.tmpdir(), 'log-witness-'));
  private cosigner!: LogCosigner;
  private log: NoteVerifier | undefined;

  constructor(
    id = 'log-witness-1',
    private readonly clock: Clock = new SystemClock(),
  ) {
    this.name = logWitnessName(id);
  }

  get verifier(): NoteVerifier {
    return new NoteVerifier(this.name, this.key.publicKey, 'cosignature');
  }

  /** As `KEYHOLDER_LOG_WITNESSES_FILE` names it. */
  get pinned(): { vkey: string; url: string } {
    return { vkey: vkeyText(this.verifier), url: `http://127.0.0.1:${this.port}` };
  }

  /** The log it cosigns. */
  witnesses(keyHolderId: string, rootKey: Uint8Array): void {
    this.log = new NoteVerifier(auditOrigin(keyHolderId), rootKey);
    this.remake();
  }

  /** Begins to answer, at the address it had. */
  async start(): Promise<this> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.method === 'GET') void this.tellHeads(request.url ?? '', response);
        else void this.answer(Buffer.concat(chunks).toString('utf8'), response);
      });
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  /** Down: nobody listens at its address. */
  async stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    server?.closeAllConnections();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  /** Loses its memory, as after its folder was lost. */
  forget(): void {
    rmSync(this.folder, { recursive: true, force: true });
    this.folder = mkdtempSync(path.join(os.tmpdir(), 'log-witness-'));
    this.remake();
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private remake(): void {
    const logs = new Map(this.log ? [[this.log.name, this.log]] : []);
    this.cosigner = new LogCosigner(
      { name: this.name, key: this.key },
      logs,
      new Heads(this.folder),
      this.clock,
      () => (this.alarms += 1),
    );
  }

  private async tellHeads(url: string, response: ServerResponse): Promise<void> {
    const heads = await this.cosigner.heads(new URL(url, 'http://witness').searchParams.get('origin') ?? '');
    response.writeHead(heads ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify({ heads }));
  }

  private async answer(body: string, response: ServerResponse): Promise<void> {
    this.asked += 1;
    const misbehaved = this.misbehave?.(body, response);
    if (misbehaved) return misbehaved;
    const judged = await this.cosigner.addCheckpoint(body);
    if (judged.answer === 409) response.setHeader('content-type', sizeMediaType);
    response.writeHead(judged.answer).end(judged.answer === 200 ? judged.line : judged.answer === 409 ? `${judged.size}\n` : '');
  }
}
