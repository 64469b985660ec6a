/** Reads how far decisions are, and what a shadow policy still wants of them. */
import { Injectable } from '@nestjs/common';
import { FollowedPolicy } from '../audit/followed-policy.js';
import { Writer } from '../database/writer.js';
import { lastDecided } from '../decisions/decisions.repository.js';
import { ShadowReports } from '../shadow/shadow-reports.service.js';

@Injectable()
export class ParametersRepository {
  constructor(
    private readonly writer: Writer,
    private readonly followed: FollowedPolicy,
    private readonly shadows: ShadowReports,
  ) {}

  /** Highest decided epoch of each side, or what people have named after a restore; 0 before the first. */
  async progress() {
    return this.writer.transaction(async (transaction) => ({
      lastDecided: {
        negative: await lastDecided(transaction, 'negative'),
        positive: await lastDecided(transaction, 'positive'),
      },
      shadow: this.followed.isSome ? await this.shadows.due(transaction, await this.followed.live(transaction)) : null,
    }));
  }
}
