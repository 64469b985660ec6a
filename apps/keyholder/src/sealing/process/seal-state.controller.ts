/** `GET /v1/seal`: sealed or not, and what a person compares a share file with. The same in both states of the process. */
import { Controller, Get, Inject } from '@nestjs/common';
import type { SealState } from '#contracts';
import { OnlyFor } from '#platform';
import { readSealRecord, stateOf } from '../ceremony/seal-record.js';

export interface SealView {
  readonly secretsDir: string;
  readonly sealed: boolean;
  /** shares that wait for the others */
  presented(): number;
}
/** Injection token. */
export const SEAL_VIEW = Symbol('seal view');

@OnlyFor('ctl')
@Controller('v1/seal')
export class SealStateController {
  constructor(@Inject(SEAL_VIEW) private readonly view: SealView) {}

  @Get()
  async state(): Promise<SealState> {
    const record = await readSealRecord(this.view.secretsDir);
    const now = { sealed: this.view.sealed, mode: record.mode, presented: this.view.presented() };
    if (record.mode === 'auto') return now;
    return { ...now, current: stateOf(record.current), ...(record.pending && { pending: stateOf(record.pending) }) };
  }
}
