/**
 * Cosigns logs (C2SP tlog-witness v1.0.0): only what goes on from what was cosigned before, so that a log that shows two histories, or
 * takes one back, gets no second cosignature. Judged and stored in turn, one request after the other for each log. It learns sizes and roots,
 * never an entry.
 */
import { cosign, judgeAddCheckpoint, NoteRefused, NoteVerifier, parseAddCheckpoint, type NoteSigner } from '#audit';
import type { ReadAddCheckpoint, WitnessAnswer } from '#audit';
import { generationIn } from '#contracts';
import type { Clock } from '#platform';
import type { Heads } from './heads.js';

export type CosignAnswer =
  /** `line` is the cosignature, with its newline. */
  { readonly answer: 200; readonly line: string } | Exclude<WitnessAnswer, { answer: 200 }>;

export class LogCosigner {
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly signer: NoteSigner,
    private readonly logs: ReadonlyMap<string, NoteVerifier>,
    private readonly stored: Heads,
    private readonly clock: Clock,
    /** A log has shown another history than before. */
    private readonly alarm: (origin: string) => void,
  ) {}

  /** @param body of `POST /add-checkpoint` */
  async addCheckpoint(body: string): Promise<CosignAnswer> {
    const request = read(body);
    if (!request) return { answer: 400 };
    const { origin } = request.checkpoint;
    const log = this.logOf(origin);
    if (!log) return { answer: 404 };
    const turn = (this.turns.get(origin) ?? Promise.resolve()).then(() => this.judge(request, log));
    this.turns.set(
      origin,
      turn.catch(() => undefined),
    );
    return turn;
  }

  /** The newest note of each generation of a log that is witnessed here. Public, as checkpoints are. */
  async heads(origin: string): Promise<string[] | undefined> {
    if (!this.logs.has(origin)) return undefined;
    return (await this.stored.readAll(origin)).map(({ note }) => note);
  }

  /** Each generation of a pinned log is a log of its own, by the same key under its own name. */
  private logOf(origin: string): NoteVerifier | undefined {
    const known = this.logs.get(origin);
    if (known) return known;
    for (const [first, { publicKey }] of this.logs)
      if (generationIn(origin, first) !== undefined) return new NoteVerifier(origin, publicKey);
    return undefined;
  }

  private async judge(request: ReadAddCheckpoint, log: NoteVerifier): Promise<CosignAnswer> {
    const { origin } = request.checkpoint;
    const head = await this.stored.read(origin);
    const judged = judgeAddCheckpoint(head, request, log);
    if (judged.answer === 422) this.alarm(origin);
    if (judged.answer !== 200) return judged;
    const seconds = Math.floor(this.clock.now().getTime() / 1_000);
    const line = cosign(judged.text, this.signer, seconds);
    if (head?.size !== judged.head.size) await this.stored.write(origin, { ...judged.head, note: request.note + line });
    return { answer: 200, line };
  }
}

function read(body: string): ReadAddCheckpoint | undefined {
  try {
    return parseAddCheckpoint(body);
  } catch (error) {
    if (error instanceof NoteRefused) return undefined;
    throw error;
  }
}
