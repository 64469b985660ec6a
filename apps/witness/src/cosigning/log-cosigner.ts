/**
 * Cosigns logs (C2SP tlog-witness v1.0.0): only what goes on from what was cosigned before, so that a log that shows two histories, or
 * takes one back, gets no second cosignature. Judged and stored in turn, one request after the other for each log. It learns sizes and roots,
 * never an entry.
 */
import { cosign, judgeAddCheckpoint, NoteRefused, parseAddCheckpoint, type NoteSigner, type NoteVerifier } from '#audit';
import type { ReadAddCheckpoint, WitnessAnswer } from '#audit';
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
    private readonly heads: Heads,
    private readonly clock: Clock,
    /** A log has shown another history than before. */
    private readonly alarm: (origin: string) => void,
  ) {}

  /** @param body of `POST /add-checkpoint` */
  async addCheckpoint(body: string): Promise<CosignAnswer> {
    const request = read(body);
    if (!request) return { answer: 400 };
    const { origin } = request.checkpoint;
    const log = this.logs.get(origin);
    if (!log) return { answer: 404 };
    const turn = (this.turns.get(origin) ?? Promise.resolve()).then(() => this.judge(request, log));
    this.turns.set(
      origin,
      turn.catch(() => undefined),
    );
    return turn;
  }

  private async judge(request: ReadAddCheckpoint, log: NoteVerifier): Promise<CosignAnswer> {
    const { origin } = request.checkpoint;
    const head = await this.heads.read(origin);
    const judged = judgeAddCheckpoint(head, request, log);
    if (judged.answer === 422) this.alarm(origin);
    if (judged.answer !== 200) return judged;
    if (head?.size !== judged.head.size) await this.heads.write(origin, judged.head);
    const seconds = Math.floor(this.clock.now().getTime() / 1_000);
    return { answer: 200, line: cosign(judged.text, this.signer, seconds) };
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
