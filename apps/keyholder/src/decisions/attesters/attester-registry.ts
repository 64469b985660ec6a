/**
 * Whose attestations open a tally: the newest version in this key holder's own database. The first is the pinned file, once; every later
 * one comes by an approved request, so that whoever can write a file cannot make a witness.
 */
import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { toBase64Url } from '#contracts';
import type { AttestersDocument } from '#contracts';
import { Writer } from '../../database/writer.js';
import { attestersOf } from '../checks/attesters.js';
import type { Attesters } from '../checks/attesters.js';
import { addAttesters, newestAttesters } from './attesters.repository.js';

export interface PinnedAttesters {
  readonly version: number;
  readonly attesters: Attesters;
}

@Injectable()
export class AttesterRegistry implements OnModuleInit {
  private newest: PinnedAttesters | undefined;

  /** @param first of the file: version 1, unless the database has one */
  constructor(
    private readonly writer: Writer,
    private readonly first: Attesters,
  ) {}

  async onModuleInit(): Promise<void> {
    this.newest = await this.writer.transaction(async (transaction) => {
      const stored = await newestAttesters(transaction);
      if (stored) return { version: stored.version, attesters: attestersOf(JSON.parse(stored.document)) };
      await addAttesters(transaction, { version: 1, document: JSON.stringify(documentOf(this.first)) });
      return { version: 1, attesters: this.first };
    });
  }

  get current(): PinnedAttesters {
    if (!this.newest) throw new Error('the registry of attesters is not open yet');
    return this.newest;
  }

  /** Once its version is committed. */
  follow(newest: PinnedAttesters): void {
    this.newest = newest;
  }
}

export function documentOf({ correlators, witnesses, needed }: Attesters): AttestersDocument {
  const list = (table: ReadonlyMap<string, Uint8Array>) => [...table].map(([id, key]) => ({ id, key: toBase64Url(key) }));
  return { correlators: list(correlators), witnesses: list(witnesses), needed };
}
