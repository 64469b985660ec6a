/**
 * Events about hubs' streams (SSF 1.0 §8.1.4, §8.1.5): a verification event must bring the state we have asked for, and none when we have
 * asked for nothing; a change of status is told to operators. Knows transmitters, never a pseudonym.
 */
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import { SetRefused } from '#signals';
import type { StreamEvent } from '#signals';
import { EVENTS } from '../events.js';
import type { NymsEvents } from '../events.js';
import { HubStreamsRepository } from './hub-streams.repository.js';

@Injectable()
export class HubStreams {
  constructor(
    private readonly repository: HubStreamsRepository,
    private readonly clock: Clock,
    @Inject(EVENTS) private readonly events: NymsEvents,
  ) {}

  /** Resolves once it is durable. @throws SetRefused invalid_state */
  async take(event: StreamEvent): Promise<void> {
    const { hub, jti, said, issuedAt } = event;
    if (said.kind === 'updated') {
      const isNew = await this.repository.noteStatus(hub, said.status, issuedAt);
      if (isNew) this.events.emit('hub-stream', { hub, status: said.status });
      return;
    }
    const fits =
      said.state === undefined ? this.isUnsolicited(hub) : this.repository.answer(hub, jti, said.state, this.clock.now());
    if (!(await fits)) throw invalidState();
  }

  /** The same answer, and nothing is noted. @throws SetRefused invalid_state */
  async require({ hub, jti, said }: StreamEvent): Promise<void> {
    if (said.kind === 'updated') return;
    const fits =
      said.state === undefined ? this.isUnsolicited(hub) : this.repository.fits(hub, jti, said.state, this.clock.now());
    if (!(await fits)) throw invalidState();
  }

  private async isUnsolicited(hub: string): Promise<boolean> {
    return !(await this.repository.isAsked(hub, this.clock.now()));
  }
}

const invalidState = () => new SetRefused('invalid_state', 'state is not the one that was asked for');
