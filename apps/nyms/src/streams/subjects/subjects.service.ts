/**
 * Adding and removing subjects (SSF 1.0 §8.1.3). The answer to an addition is the same for every well-formed subject, and no slower for
 * one than for another: what is to be told of a pseudonym that is not active comes later, by the stream (§9.1, subject probing).
 */
import { Injectable } from '@nestjs/common';
import { Problem, pseudonymUri } from '#contracts';
import type { HubEntry, SubjectIdentifier } from '#contracts';
import { PolicyStore } from '#policy';
import { StreamsRepository } from '../configuration/streams.repository.js';
import { SubjectsRepository } from './subjects.repository.js';

/** Of one stream: more pseudonyms than a hub sees alive at once. */
const MOST_SUBJECTS = 1_000_000;
const WAIT_MS = 3_600_000;

@Injectable()
export class Subjects {
  constructor(
    private readonly streams: StreamsRepository,
    private readonly repository: SubjectsRepository,
    private readonly policies: PolicyStore,
  ) {}

  /** @throws Problem not-found for the stream; request-limit-reached when it is full */
  async add(hub: HubEntry, stream: string, subject: SubjectIdentifier): Promise<void> {
    await this.requireStream(hub, stream);
    const named = this.pseudonymOf(subject);
    if (named && !(await this.repository.add(stream, named.uri, named.format, MOST_SUBJECTS)))
      throw new Problem('request-limit-reached', { retryAfterMs: WAIT_MS });
  }

  /** @throws Problem not-found for the stream */
  async remove(hub: HubEntry, stream: string, subject: SubjectIdentifier): Promise<void> {
    await this.requireStream(hub, stream);
    const named = this.pseudonymOf(subject);
    if (named) await this.repository.remove(stream, named.uri);
  }

  private async requireStream(hub: HubEntry, id: string): Promise<void> {
    if (!(await this.streams.find(hub.id, id))) throw new Problem('not-found');
  }

  /** Undefined for what can be no pseudonym of ours: there will never be anything to tell. */
  private pseudonymOf(subject: SubjectIdentifier): { uri: string; format: string } | undefined {
    const { format } = subject;
    const text =
      format === 'uri' ? subject['uri'] : format === 'iss_sub' && this.isOurs(subject['iss']) ? subject['sub'] : undefined;
    const uri = pseudonymUri.safeParse(text);
    return uri.success ? { uri: uri.data, format } : undefined;
  }

  private isOurs(issuer: unknown): boolean {
    return issuer === this.policies.live().document.audience;
  }
}
