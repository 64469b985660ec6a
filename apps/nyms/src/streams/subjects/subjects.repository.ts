/** Which pseudonyms a stream is about. Adding asks nothing about them: known or not, it is the same write. */
import { Injectable } from '@nestjs/common';
import { PrismaClient } from '#db/nyms';

@Injectable()
export class SubjectsRepository {
  constructor(private readonly database: PrismaClient) {}

  /** Again is fine, and has the subject looked at again. False when the stream has as many as it may. */
  async add(streamId: string, uri: string, format: string, most: number): Promise<boolean> {
    return this.database
      .$transaction(async (tx) => {
        const added = await tx.$executeRaw`
        INSERT INTO streams.subjects (stream_id, uri, format) VALUES (${streamId}, ${uri}, ${format})
        ON CONFLICT (stream_id, uri) DO NOTHING`;
        if (added === 1) {
          const room = await tx.$executeRaw`
          UPDATE streams.streams SET subject_count = subject_count + 1 WHERE id = ${streamId} AND subject_count < ${most}`;
          if (room === 0) throw new Full();
        }
        await tx.$executeRaw`
        INSERT INTO streams.fresh_subjects (stream_id, uri) VALUES (${streamId}, ${uri}) ON CONFLICT DO NOTHING`;
        return true;
      })
      .catch((error: unknown) => {
        if (error instanceof Full) return false;
        throw error;
      });
  }

  /** What is queued about it goes, too. */
  async remove(streamId: string, uri: string): Promise<void> {
    await this.database.$transaction(async (tx) => {
      const removed = await tx.$executeRaw`DELETE FROM streams.subjects WHERE stream_id = ${streamId} AND uri = ${uri}`;
      if (removed === 0) return;
      await tx.$executeRaw`UPDATE streams.streams SET subject_count = subject_count - 1 WHERE id = ${streamId}`;
      await tx.$executeRaw`DELETE FROM streams.fresh_subjects WHERE stream_id = ${streamId} AND uri = ${uri}`;
      await tx.$executeRaw`DELETE FROM streams.queue WHERE stream_id = ${streamId} AND uri = ${uri}`;
    });
  }
}

/** Takes the transaction back. */
class Full extends Error {}
